using System.Text;
using Conductor.ServiceDefaults.Http;

namespace Conductor.Pipelines.Api;

internal static class Bodies
{
    private const int Longest = 1_000_000;

    /// <summary>Beside application/yaml; JSON is YAML.</summary>
    public static readonly string[] OtherTypes = ["application/json", "application/x-yaml", "text/yaml"];

    /// <summary>The body as UTF-8 text.</summary>
    /// <exception cref="BadHttpRequestException">It is too long, or not UTF-8.</exception>
    public static async Task<string> ReadTextAsync(HttpRequest request)
    {
        var body = await RequestBytes.ReadAsync(request, Longest);
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(body.Span);
            return text.TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            throw new BadHttpRequestException("the body is not UTF-8", 400, e);
        }
    }
}
