namespace Conductor.Pipelines.Runtime;

internal static partial class RuntimeLog
{
    [LoggerMessage(1, LogLevel.Warning, "{Pipeline}/{Node}: instance {Instance} failed and will be tried again")]
    public static partial void InstanceFailed(ILogger logger, string pipeline, string node, int instance, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "{Pipeline}/{Node}: partition {Partition} failed and starts again from its last checkpoint")]
    public static partial void LaneFailed(ILogger logger, string pipeline, string node, int partition, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "{Pipeline}/{Node}: partition {Partition} was taken over: {Reason}")]
    public static partial void LaneFenced(ILogger logger, string pipeline, string node, int partition, string reason);

    [LoggerMessage(4, LogLevel.Information, "{Pipeline}: run {Epoch} begins")]
    public static partial void RunBegins(ILogger logger, string pipeline, long epoch);

    [LoggerMessage(5, LogLevel.Information, "{Pipeline}: run {Epoch} has drained")]
    public static partial void RunDrained(ILogger logger, string pipeline, long epoch);

    [LoggerMessage(6, LogLevel.Warning, "The pipelines' states cannot be read; what runs goes on")]
    public static partial void CannotReadStates(ILogger logger, Exception exception);
}
