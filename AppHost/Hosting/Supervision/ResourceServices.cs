using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Conductor.Hosting.Logs;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Conductor.Hosting.Supervision;

/// <summary>What every controller works with.</summary>
internal sealed record ResourceServices(
    DistributedApplicationModel Model,
    ResourceBoard Board,
    Waiting Waiting,
    LogStore Logs,
    HealthCheckService Checks,
    IDistributedApplicationEventing Eventing,
    IServiceProvider Provider,
    TimeProvider Time);
