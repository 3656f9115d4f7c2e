using Conductor.Console.Clients.Pipelines;
using Conductor.Console.Clients.Resources;
using Conductor.Console.Clients.Workflows;

namespace Conductor.Console.Clients;

internal static class ClientRegistration
{
    /// <summary>Pages wait for every service that they show, so one that hangs may hold them up only so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public static void AddServiceClients(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<WorkflowsClient>(http => To(http, "http://workflows"));
        builder.Services.AddHttpClient<PipelinesClient>(http => To(http, "http://pipelines"));
        builder.Services.AddHttpClient<ResourcesClient>(http => ToResources(http, builder.Configuration));
    }

    public static void ToResources(HttpClient http, IConfiguration configuration)
    {
        if (configuration["Resources:Url"] is not { Length: > 0 } url)
            return;
        To(http, url);
        http.DefaultRequestHeaders.Add("x-resource-api-key", configuration["Resources:ApiKey"]);
    }

    private static void To(HttpClient http, string address)
    {
        http.BaseAddress = new(address);
        http.Timeout = Patience;
    }
}
