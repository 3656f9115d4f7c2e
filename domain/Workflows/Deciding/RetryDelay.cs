using Conductor.Domain.Workflows.Definitions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Seconds before the attempt that follows a failed one.</summary>
internal static class RetryDelay
{
    public static int After(int attempt, TaskDefinition definition)
    {
        var delay = definition.RetryLogic switch
        {
            RetryLogic.LinearBackoff => (double)definition.RetryDelaySeconds * definition.BackoffScaleFactor * (attempt + 1),
            RetryLogic.ExponentialBackoff => definition.RetryDelaySeconds * Math.Pow(2, attempt),
            _ => definition.RetryDelaySeconds,
        };
        if (definition.MaxRetryDelaySeconds > 0) delay = Math.Min(delay, definition.MaxRetryDelaySeconds);
        return (int)Math.Clamp(delay, 0, int.MaxValue);
    }
}
