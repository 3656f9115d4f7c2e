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

    public Task<Fetched<ItemPage<PoisonRecord>>> ListDeadLettersAsync(string name, int offset, int limit, CancellationToken ct) =>
        http.GetAsync<ItemPage<PoisonRecord>>(
            Service, string.Create(CultureInfo.InvariantCulture, $"/api/pipelines/{Escape(name)}/dead-letters?offset={offset}&limit={limit}"), ct);

    public Task<Fetched<byte[]>> GetDeadLetterAsync(string name, string topic, int partition, long offset, CancellationToken ct) =>
        BytesAsync(
            string.Create(CultureInfo.InvariantCulture, $"/api/pipelines/{Escape(name)}/dead-letters/{Escape(topic)}/{partition}/{offset}/body"), ct);

    public Task<Fetched<TopicItems>> ListTopicsAsync(string? broker, string? name, int offset, int limit, CancellationToken ct) =>
        http.GetAsync<TopicItems>(
            Service,
            string.Create(CultureInfo.InvariantCulture, $"/api/topics?offset={offset}&limit={limit}{Filter("broker", broker)}{Filter("name", name)}"),
            ct);

    public Task<Fetched<Topic>> GetTopicAsync(string broker, string topic, CancellationToken ct) =>
        http.GetAsync<Topic>(Service, TopicPath(broker, topic), ct);

    /// <summary>Records of a partition that <paramref name="query"/> asks for.</summary>
    public Task<Fetched<TopicRecords>> ListRecordsAsync(string broker, string topic, string query, CancellationToken ct) =>
        http.GetAsync<TopicRecords>(Service, $"{TopicPath(broker, topic)}/records?{query}", ct);

    public Task<Fetched<byte[]>> GetRecordAsync(string broker, string topic, int partition, long offset, CancellationToken ct) =>
        BytesAsync(string.Create(CultureInfo.InvariantCulture, $"{TopicPath(broker, topic)}/records/{partition}/{offset}/value"), ct);

    private Task<Fetched<byte[]>> BytesAsync(string path, CancellationToken ct) =>
        http.CallAsync(Service, new(HttpMethod.Get, path), (response, token) => response.Content.ReadAsByteArrayAsync(token), ct);

    private static string TopicPath(string broker, string topic) => $"/api/topics/{Escape(broker)}/{Escape(topic)}";

    private static string Filter(string key, string? value) => string.IsNullOrEmpty(value) ? "" : $"&{key}={Escape(value)}";

    private static string Escape(string value) => Uri.EscapeDataString(value);
}
