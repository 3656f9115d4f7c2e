using System.Text.Json.Serialization;

namespace Conductor.Domain.Workflows.Definitions;

/// <summary>What happens when an attempt of a task times out.</summary>
public enum TaskTimeoutPolicy
{
    /// <summary>The attempt is retried while attempts are left.</summary>
    [JsonStringEnumMemberName("RETRY")] Retry,
    /// <summary>The workflow times out.</summary>
    [JsonStringEnumMemberName("TIME_OUT_WF")] TimeOutWorkflow,
    /// <summary>Nothing but an alert.</summary>
    [JsonStringEnumMemberName("ALERT_ONLY")] AlertOnly,
}

/// <summary>What happens when a workflow times out.</summary>
public enum WorkflowTimeoutPolicy
{
    /// <summary>The workflow times out.</summary>
    [JsonStringEnumMemberName("TIME_OUT_WF")] TimeOutWorkflow,
    /// <summary>Nothing but an alert.</summary>
    [JsonStringEnumMemberName("ALERT_ONLY")] AlertOnly,
}

/// <summary>How the delay before a retry grows.</summary>
public enum RetryLogic
{
    /// <summary>Always the same.</summary>
    [JsonStringEnumMemberName("FIXED")] Fixed,
    /// <summary>Doubled each time.</summary>
    [JsonStringEnumMemberName("EXPONENTIAL_BACKOFF")] ExponentialBackoff,
    /// <summary>Delay × scale factor × number of the attempt.</summary>
    [JsonStringEnumMemberName("LINEAR_BACKOFF")] LinearBackoff,
}
