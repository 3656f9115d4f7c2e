using System.Net.Http.Json;
using System.Text.Json;

namespace Conductor.Console.Clients;

/// <summary>Calls that turn every outcome of HTTP into a <see cref="Fetched{T}"/>.</summary>
internal static class ServiceCalls
{
    public static Task<Fetched<T>> GetAsync<T>(this HttpClient http, string service, string path, CancellationToken ct) =>
        http.CallAsync(service, new(HttpMethod.Get, path), ReadJson<T>, ct);

    public static Task<Fetched<string>> GetTextAsync(this HttpClient http, string service, string path, CancellationToken ct) =>
        http.CallAsync(service, new(HttpMethod.Get, path), ReadText, ct);

    /// <summary>The value is the body of the answer; commands mostly have none.</summary>
    public static Task<Fetched<string>> CommandAsync(
        this HttpClient http, string service, HttpMethod method, string path, object? body, CancellationToken ct) =>
        http.CallAsync(service, new(method, path) { Content = body is null ? null : JsonContent.Create(body) }, ReadText, ct);

    public static async Task<Fetched<T>> CallAsync<T>(
        this HttpClient http, string service, HttpRequestMessage request, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        try
        {
            using (request)
            {
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
                return response.IsSuccessStatusCode
                    ? new(await read(response, ct), Failure: null)
                    : new(default, new(service, (int)response.StatusCode, await ServiceErrors.ReadAsync(response, ct)));
            }
        }
        catch (Exception e) when (ServiceErrors.Explain(e, ct) is { } reason)
        {
            return new(default, new(service, Status: null, reason));
        }
    }

    private static async Task<T> ReadJson<T>(HttpResponseMessage response, CancellationToken ct) =>
        await response.Content.ReadFromJsonAsync<T>(ServiceJson.Options, ct) ?? throw new JsonException("the answer is null");

    private static Task<string> ReadText(HttpResponseMessage response, CancellationToken ct) => response.Content.ReadAsStringAsync(ct);
}
