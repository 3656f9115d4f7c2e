using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Polly;

namespace Conductor.Console.Clients;

/// <summary>Words for what went wrong: Conductor's error shape, problem+json, or the connection itself.</summary>
internal static class ServiceErrors
{
    public static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var status = string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.ReasonPhrase}");
        var body = await response.Content.ReadAsStringAsync(ct);
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object ? Text(json.RootElement) ?? status : status;
        }
        catch (JsonException)
        {
            return status;
        }
    }

    /// <summary>Null for what is not the service's doing: a browser that went away, or a defect of the console.</summary>
    public static string? Explain(Exception error, CancellationToken ct) => error switch
    {
        _ when ct.IsCancellationRequested => null,
        OperationCanceledException or TimeoutException => "it did not answer in time",
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "the connection was refused",
        ExecutionRejectedException => "it failed too often just now, so it is left alone for a few seconds",
        HttpRequestException or IOException => "the connection failed",
        JsonException => "its answer was not understood",
        _ => null,
    };

    private static string? Text(JsonElement error)
    {
        var text = String(error, "message") ?? String(error, "detail") ?? String(error, "title");
        var details = Details(error, "validationErrors").Concat(Details(error, "errors"));
        return string.Join(" — ", details.Prepend(text).Where(part => !string.IsNullOrWhiteSpace(part))) is { Length: > 0 } all ? all : null;
    }

    private static IEnumerable<string?> Details(JsonElement error, string name) =>
        error.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item => String(item, "message"))
            : [];

    private static string? String(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
