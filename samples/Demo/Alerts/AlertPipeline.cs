using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Conductor.Domain.Streams.Brokers;

namespace Conductor.Demo.Alerts;

/// <summary>The demonstration's pipeline (alerts.yaml), registered and started over the REST API of the pipelines.</summary>
/// <param name="http">Its base address is that of the service.</param>
internal sealed class AlertPipeline(HttpClient http, TimeProvider time)
{
    private const string Path = "/api/pipelines/demo-alerts";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    /// <summary>The topic that it reads, as alerts.yaml declares it.</summary>
    public static TopicSpecification Source { get; } = new("demo.alerts", Partitions: 4);

    /// <summary>Returns when the pipeline has its topics. Whoever stopped it wants it to stay so: only a new one is started.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        while (await StateAsync(cancellationToken) is var state && state is null or "Validated" or "Provisioning")
        {
            if (state is null)
                await SendAsync("/api/pipelines", new StringContent(Definition.Read("Alerts.alerts.yaml"), Encoding.UTF8, "application/yaml"),
                    cancellationToken);
            else if (state == "Validated") await SendAsync(Path + "/start", body: null, cancellationToken);
            await Task.Delay(Tick, time, cancellationToken);
        }
    }

    private async Task<string?> StateAsync(CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(Path, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("state").GetString();
    }

    private async Task SendAsync(string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsync(path, body, cancellationToken);
        // A start that is asked for twice: the state of the next look says whether it worked.
        if (response.StatusCode == HttpStatusCode.Conflict || response.IsSuccessStatusCode) return;
        throw new HttpRequestException($"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }
}
