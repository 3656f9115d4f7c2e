using System.Globalization;

namespace Conductor.Console.Clients.Pipelines;

/// <summary>REST API of the pipelines service.</summary>
internal sealed class PipelinesClient(HttpClient http)
{
    public const string Service = "pipelines";

    public Task<Fetched<ItemPage<Pipeline>>> ListAsync(string? state, string? name, int offset, int limit, CancellationToken ct) =>
        http.GetAsync<ItemPage<Pipeline>>(
            Service,
            string.Create(CultureInfo.InvariantCulture, $"/api/pipelines?offset={offset}&limit={limit}{Filter("state", state)}{Filter("name", name)}"),
            ct);

    public Task<Fetched<Pipeline>> GetAsync(string name, CancellationToken ct) =>
        http.GetAsync<Pipeline>(Service, $"/api/pipelines/{Escape(name)}", ct);

    public Task<Fetched<string>> ActAsync(string name, string verb, CancellationToken ct) =>
        http.CommandAsync(Service, HttpMethod.Post, $"/api/pipelines/{Escape(name)}/{verb}", body: null, ct);

    public Task<Fetched<ItemPage<DeadLetter>>> ListDeadLettersAsync(string name, int offset, int limit, CancellationToken ct) =>
        http.GetAsync<ItemPage<DeadLetter>>(
            Service, string.Create(CultureInfo.InvariantCulture, $"/api/pipelines/{Escape(name)}/dead-letters?offset={offset}&limit={limit}"), ct);

    public Task<Fetched<byte[]>> GetDeadLetterAsync(string name, string topic, int partition, long offset, CancellationToken ct) =>
        http.CallAsync(
            Service,
            new(HttpMethod.Get, string.Create(
                CultureInfo.InvariantCulture, $"/api/pipelines/{Escape(name)}/dead-letters/{Escape(topic)}/{partition}/{offset}/body")),
            (response, token) => response.Content.ReadAsByteArrayAsync(token),
            ct);

    private static string Filter(string key, string? value) => string.IsNullOrEmpty(value) ? "" : $"&{key}={Escape(value)}";

    private static string Escape(string value) => Uri.EscapeDataString(value);
}
