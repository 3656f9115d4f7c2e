using System.Text.Json;

namespace Conductor.Fuzzing;

/// <summary>One operation of a service, from its OpenAPI document.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Query">Names of the query parameters.</param>
public sealed record Operation(string Method, string Path, IReadOnlyList<string> Query)
{
    /// <summary>Reads the document of a service.</summary>
    public static async Task<IReadOnlyList<Operation>> ReadAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(await client.GetStringAsync("/openapi/v1.json", cancellationToken));
        return [.. document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Where(operation => operation.Value.ValueKind == JsonValueKind.Object)
            .Select(operation => new Operation(operation.Name.ToUpperInvariant(), path.Name, QueryOf(operation.Value))))];
    }

    private static List<string> QueryOf(JsonElement operation) => !operation.TryGetProperty("parameters", out var parameters) ? []
        : [.. parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query").Select(p => p.GetProperty("name").GetString()!)];
}
