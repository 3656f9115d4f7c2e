using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Conductor.ServiceDefaults.Health;

/// <summary>Gives up a check that takes too long, whether or not it heeds its cancellation: a frozen server answers nothing, not even that.</summary>
internal sealed class LimitedCheck(IHealthCheck check, TimeProvider time) : IHealthCheck
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var result = Task.Run(() => check.CheckHealthAsync(context, end.Token), end.Token);
        try
        {
            return await result.WaitAsync(Limit, time, cancellationToken);
        }
        catch (TimeoutException) when (!result.IsCompleted)
        {
            await end.CancelAsync();
            return new HealthCheckResult(context.Registration.FailureStatus, $"no answer within {Limit.TotalSeconds:0.#} s");
        }
    }
}

/// <summary>Puts the limit around every check, those of libraries too.</summary>
internal sealed class LimitChecks(TimeProvider time) : IPostConfigureOptions<HealthCheckServiceOptions>
{
    public void PostConfigure(string? name, HealthCheckServiceOptions options)
    {
        foreach (var registration in options.Registrations)
        {
            var make = registration.Factory;
            registration.Factory = services => new LimitedCheck(make(services), time);
        }
    }
}
