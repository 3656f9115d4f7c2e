using System.Text.Json;

namespace Conductor.Domain.Workflows.Definitions;

/// <summary>Retries, timeouts and limits of a task type, in Conductor's JSON shape.</summary>
public sealed record TaskDefinition
{
    /// <summary>Owning application.</summary>
    public string? OwnerApp { get; init; }
    /// <summary>Epoch milliseconds of the first registration.</summary>
    public long CreateTime { get; init; }
    /// <summary>Epoch milliseconds of the last registration.</summary>
    public long UpdateTime { get; init; }
    /// <summary>Who registered it.</summary>
    public string? CreatedBy { get; init; }
    /// <summary>Who registered it last.</summary>
    public string? UpdatedBy { get; init; }
    /// <summary>Task type.</summary>
    public string? Name { get; init; }
    /// <summary>What it does.</summary>
    public string? Description { get; init; }
    /// <summary>Attempts after the first.</summary>
    public int RetryCount { get; init; } = 3;
    /// <summary>From the start to the end of one attempt; 0 for none.</summary>
    public long TimeoutSeconds { get; init; }
    /// <summary>Documented inputs.</summary>
    public IReadOnlyList<string> InputKeys { get; init; } = [];
    /// <summary>Documented outputs.</summary>
    public IReadOnlyList<string> OutputKeys { get; init; } = [];
    /// <summary>Free.</summary>
    public IReadOnlyList<JsonElement> RuntimeMetadata { get; init; } = [];
    /// <summary>What happens after a timeout.</summary>
    public TaskTimeoutPolicy TimeoutPolicy { get; init; } = TaskTimeoutPolicy.TimeOutWorkflow;
    /// <summary>How the delay grows.</summary>
    public RetryLogic RetryLogic { get; init; } = RetryLogic.Fixed;
    /// <summary>Base of the delay before a retry.</summary>
    public int RetryDelaySeconds { get; init; } = 60;
    /// <summary>From the last sign of life of the worker; 0 for none.</summary>
    public long ResponseTimeoutSeconds { get; init; } = 3600;
    /// <summary>Attempts in progress at a time, over all workflows.</summary>
    public int? ConcurrentExecLimit { get; init; }
    /// <summary>Defaults of the input.</summary>
    public IReadOnlyDictionary<string, JsonElement> InputTemplate { get; init; } = JsonMaps.Empty;
    /// <summary>Attempts handed out per <see cref="RateLimitFrequencyInSeconds"/>; 0 for no limit.</summary>
    public int RateLimitPerFrequency { get; init; }
    /// <summary>Window of the rate limit.</summary>
    public int RateLimitFrequencyInSeconds { get; init; } = 1;
    /// <summary>Isolation of system tasks.</summary>
    public string? IsolationGroupId { get; init; }
    /// <summary>Execution name space of system tasks.</summary>
    public string? ExecutionNameSpace { get; init; }
    /// <summary>E-mail address of the owner.</summary>
    public string? OwnerEmail { get; init; }
    /// <summary>From the scheduling to the hand-out; null or 0 for none.</summary>
    public int? PollTimeoutSeconds { get; init; }
    /// <summary>Factor of a linear delay.</summary>
    public int BackoffScaleFactor { get; init; } = 1;
    /// <summary>Longest delay; 0 for no bound.</summary>
    public int MaxRetryDelaySeconds { get; init; }
    /// <summary>Random addition to a delay.</summary>
    public int BackoffJitterMs { get; init; }
    /// <summary>Type that this one is based on.</summary>
    public string? BaseType { get; init; }
    /// <summary>From the first scheduling over all attempts; 0 for none.</summary>
    public long TotalTimeoutSeconds { get; init; }
    /// <summary>Status changes are published.</summary>
    public bool TaskStatusListenerEnabled { get; init; } = true;
    /// <summary>Schema of the input.</summary>
    public JsonElement? InputSchema { get; init; }
    /// <summary>Schema of the output.</summary>
    public JsonElement? OutputSchema { get; init; }
    /// <summary>Inputs and outputs are checked against the schemas.</summary>
    public bool EnforceSchema { get; init; }
}
