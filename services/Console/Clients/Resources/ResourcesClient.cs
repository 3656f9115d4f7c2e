using System.Globalization;

namespace Conductor.Console.Clients.Resources;

/// <summary>Resource API of the AppHost (<c>RESOURCES__URL</c>, <c>RESOURCES__APIKEY</c>).</summary>
internal sealed class ResourcesClient(HttpClient http)
{
    public const string Service = "resources";

    public Task<Fetched<IReadOnlyList<Resource>>> ListAsync(CancellationToken ct) =>
        http.BaseAddress is null ? Unknown<IReadOnlyList<Resource>>() : http.GetAsync<IReadOnlyList<Resource>>(Service, "/api/resources", ct);

    public Task<Fetched<IReadOnlyList<LogLine>>> LogsAsync(string name, int tail, CancellationToken ct) =>
        http.BaseAddress is null
            ? Unknown<IReadOnlyList<LogLine>>()
            : http.GetAsync<IReadOnlyList<LogLine>>(
                Service, string.Create(CultureInfo.InvariantCulture, $"/api/resources/{Uri.EscapeDataString(name)}/logs?tail={tail}"), ct);

    public Task<Fetched<string>> ActAsync(string name, string verb, CancellationToken ct) =>
        http.BaseAddress is null
            ? Unknown<string>()
            : http.CommandAsync(Service, HttpMethod.Post, $"/api/resources/{Uri.EscapeDataString(name)}/{verb}", body: null, ct);

    private static Task<Fetched<T>> Unknown<T>() =>
        Task.FromResult(new Fetched<T>(default, new(Service, Status: null, "the console was started without an AppHost, so nothing tells it what runs")));
}
