using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Engines;

namespace Conductor.Hosting.Launching;

internal sealed class RabbitMqLauncher(RabbitMQServerResource resource, EngineContext context) : ILauncher
{
    public async Task<IInstance> LaunchAsync(int replica, CancellationToken cancellationToken)
    {
        var engine = await RabbitMqEngine.StartAsync(context.Folder, resource.PrimaryEndpoint.Port, context.Log,
            await resource.PasswordParameter.GetValueAsync(cancellationToken), id => context.Started(id, Processes.Signal.Terminate), untilItAnswers: false, cancellationToken);
        return new EngineInstance(() => engine.ProcessIds, engine.Exited, engine.StopAsync, engine.Kill);
    }
}
