using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conductor.Worker.Tests.Http;

internal static class WorkerHost
{
    public static async Task<IHost> StartAsync(ConductorServer server, Action<ConductorWorkersBuilder> workers)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["CONDUCTOR_SERVER_URL"] = server.Address.ToString() });
        builder.Logging.ClearProviders();
        builder.Services.AddConductorWorkers(w =>
        {
            w.WorkerId = "me";
            w.PollTimeout = TimeSpan.FromMilliseconds(100);
            workers(w);
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }
}
