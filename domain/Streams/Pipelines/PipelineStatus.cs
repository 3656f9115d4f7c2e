namespace Conductor.Domain.Streams.Pipelines;

/// <summary>The states of a pipeline's life.</summary>
public enum PipelineStatus
{
    /// <summary>Its definition is sound; it has never run.</summary>
    Validated,
    /// <summary>Its topics are being created.</summary>
    Provisioning,
    /// <summary>Its components read and write.</summary>
    Running,
    /// <summary>Reading has ended; what was read is being written and committed.</summary>
    Draining,
    /// <summary>It has drained; nothing of it runs.</summary>
    Stopped,
    /// <summary>It cannot run; the reason stands beside it.</summary>
    Failed,
}

/// <summary>What people ask of a pipeline.</summary>
public enum PipelineRequest
{
    /// <summary>Run.</summary>
    Start,
    /// <summary>Drain, then stop.</summary>
    Stop,
    /// <summary>Take another definition.</summary>
    Replace,
    /// <summary>Forget it.</summary>
    Delete,
}

/// <summary>Which requests a pipeline takes in which state.</summary>
public static class PipelineLifecycle
{
    /// <summary>Why a request is refused, or null when it is taken. A request for what is already under way is taken and changes nothing.</summary>
    public static string? RefusalOf(PipelineStatus status, PipelineRequest request) => (status, request) switch
    {
        (PipelineStatus.Draining, PipelineRequest.Start) => "it is draining; start it again when it has stopped",
        (_, PipelineRequest.Start or PipelineRequest.Stop) => null,
        (PipelineStatus.Validated or PipelineStatus.Stopped or PipelineStatus.Failed, PipelineRequest.Replace or PipelineRequest.Delete) => null,
        (_, PipelineRequest.Replace) => $"it is {status}; stop it before replacing its definition",
        (_, PipelineRequest.Delete) => $"it is {status}; stop it before deleting it",
        _ => throw new ArgumentOutOfRangeException(nameof(request), request, "unknown request"),
    };
}
