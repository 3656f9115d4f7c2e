using System.Text;

namespace Conductor.Pipelines.Api;

internal static class Bodies
{
    private const int Longest = 1_000_000;

    /// <summary>Beside application/yaml; JSON is YAML.</summary>
    public static readonly string[] OtherTypes = ["application/json", "application/x-yaml", "text/yaml"];

    /// <summary>The body as UTF-8 text.</summary>
    /// <exception cref="BadHttpRequestException">It is too long, or not UTF-8.</exception>
    public static async Task<string> ReadTextAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (await request.Body.ReadAsync(chunk, cancellationToken) is var read and > 0)
        {
            buffer.Write(chunk.AsSpan(0, read));
            if (buffer.Length > Longest) throw new BadHttpRequestException($"a definition has at most {Longest} bytes", 413);
        }
        try
        {
            var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
            return text.TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            throw new BadHttpRequestException("the body is not UTF-8", 400, e);
        }
    }
}
