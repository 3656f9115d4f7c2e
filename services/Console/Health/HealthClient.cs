using System.Net.Http.Json;
using System.Text.Json;
using Conductor.Console.Clients;

namespace Conductor.Console.Health;

/// <summary>Asks services whether they can work.</summary>
internal sealed class HealthClient(HttpClient http)
{
    /// <summary>Longer than that nobody waits: a service that is silent cannot work for its users either.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<ServiceHealth> AskAsync(string service)
    {
        try
        {
            using var response = await http.GetAsync($"http://{service}/health");
            if (!IsJson(response))
                return new(service, "Unhealthy", $"it answered {(int)response.StatusCode} without saying why");
            var report = await response.Content.ReadFromJsonAsync<HealthReport>(JsonSerializerOptions.Web) ?? throw new JsonException("the answer is null");
            return report.Status == "Healthy" && response.IsSuccessStatusCode
                ? new(service, report.Status, Cause: null)
                : new(service, Worse(report.Status), report.Causes);
        }
        catch (Exception e) when (ServiceErrors.Explain(e, CancellationToken.None) is { } reason)
        {
            return new(service, ServiceHealth.Silent, reason);
        }
    }

    private static bool IsJson(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;

    private static string Worse(string status) => status == "Degraded" ? status : "Unhealthy";
}
