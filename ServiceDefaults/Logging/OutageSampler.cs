using Conductor.ServiceDefaults.Servers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Conductor.ServiceDefaults.Logging;

/// <summary>Keeps back what failed for want of a server whose outage is told anyway, whoever logs it: our loops, MassTransit, ASP.NET Core.</summary>
internal sealed class OutageSampler(Outages outages) : LoggingSampler
{
    public override bool ShouldSample<TState>(in LogEntry<TState> logEntry) => logEntry.Exception is null || !outages.Explain(logEntry.Exception);
}
