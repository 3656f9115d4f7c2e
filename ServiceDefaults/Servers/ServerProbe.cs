namespace Conductor.ServiceDefaults.Servers;

/// <summary>How a service asks one of its servers whether it works.</summary>
/// <param name="Server">Kind and address, without a secret: <c>Kafka at broker:9092</c>.</param>
/// <param name="Ask">Uses the server as the service would, and throws why that cannot be done.</param>
/// <param name="IsSign">Whether an exception of the server's client may come of its being out of reach.</param>
public sealed record ServerProbe(string Server, Func<CancellationToken, Task> Ask, Func<Exception, bool> IsSign) : IServerProbe
{
    Task IServerProbe.ProbeAsync(CancellationToken cancellationToken) => Ask(cancellationToken);

    bool IServerProbe.MayExplain(Exception exception) => Causes.Of(exception).Any(IsSign);
}
