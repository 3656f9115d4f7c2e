using Conductor.Console.Clients.Pipelines;
using Conductor.Console.Clients.Workflows;
using Microsoft.Extensions.Http.Resilience;

namespace Conductor.Console.Clients;

internal static class ClientRegistration
{
    /// <summary>Pages wait for every service that they show, so one that hangs may hold them up only so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public static void AddServiceClients(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<WorkflowsClient>(http => To(http, "http://workflows"));
        builder.Services.AddHttpClient<PipelinesClient>(http => To(http, "http://pipelines"));
        // Who waits as long as a service asks for does not learn within that time why it did.
        builder.Services.PostConfigureAll<HttpStandardResilienceOptions>(options => options.Retry.ShouldRetryAfterHeader = false);
    }

    private static void To(HttpClient http, string address)
    {
        http.BaseAddress = new(address);
        http.Timeout = Patience;
    }
}
