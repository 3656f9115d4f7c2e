using System.Net;
using System.Text.Json;

namespace Conductor.Worker.Client;

/// <summary>The server has answered with an error.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">What the server says.</param>
public sealed class ConductorServerException(HttpStatusCode status, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>The same call may succeed later.</summary>
    public bool IsTransient => (int)Status >= 500 || Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;

    internal static async Task ThrowIfFailedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode) return;
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var request = $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.AbsolutePath}";
        throw new ConductorServerException(response.StatusCode, $"{request}: {(int)response.StatusCode} {MessageOf(body)}");
    }

    // Conductor writes {status, message, ...}; problem+json has title and detail; a proxy may send anything.
    private static string MessageOf(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            foreach (var name in new[] { "message", "detail", "title" })
            {
                if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var text)) return text.ToString();
            }
        }
        catch (JsonException)
        {
            // Not JSON: shown as it is.
        }
        return body.Length <= 200 ? body : body[..200] + "…";
    }
}
