using Aspire.Hosting;
using Conductor.Hosting.Engines;

namespace Conductor.Hosting.Launching;

internal sealed class KafkaLauncher(KafkaServerResource resource, string home, EngineContext context) : ILauncher
{
    public async Task<IInstance> LaunchAsync(int replica, CancellationToken cancellationToken)
    {
        var engine = await KafkaEngine.StartAsync(home, context.Folder, resource.PrimaryEndpoint.Port, context.Log,
            id => context.Started(id, Processes.Signal.Terminate), cancellationToken);
        return new EngineInstance(() => engine.ProcessId is { } id ? [id] : [], engine.Exited, engine.StopAsync, engine.Kill);
    }
}
