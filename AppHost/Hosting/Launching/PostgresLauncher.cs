using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Engines;

namespace Conductor.Hosting.Launching;

internal sealed class PostgresLauncher(PostgresServerResource resource, EngineContext context) : ILauncher
{
    public async Task<IInstance> LaunchAsync(int replica, CancellationToken cancellationToken)
    {
        var engine = await PostgresEngine.StartAsync(context.Folder, resource.PrimaryEndpoint.Port, context.Log, settings: null,
            await resource.PasswordParameter.GetValueAsync(cancellationToken), id => context.Started(id, Processes.Signal.Interrupt), cancellationToken);
        return new EngineInstance(() => engine.ProcessId is { } id ? [id] : [], engine.Exited, engine.StopAsync, engine.Kill);
    }
}
