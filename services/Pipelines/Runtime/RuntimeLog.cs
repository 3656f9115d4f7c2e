using Conductor.Domain.Streams.Pipelines;

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

    [LoggerMessage(7, LogLevel.Warning, "{Pipeline}/{Node}: partition {Partition}: {Loss}; by policy {Policy} it goes on at {Next}")]
    public static partial void PositionLost(
        ILogger logger, string pipeline, string node, int partition, string loss, LostPositionPolicy policy, long next);

    [LoggerMessage(8, LogLevel.Warning, "{Pipeline}/{Node}: partition {Partition}: the record at {Offset} goes round through the dead letters and ends here")]
    public static partial void GoesRound(ILogger logger, string pipeline, string node, int partition, long offset);

    [LoggerMessage(9, LogLevel.Warning, "{Pipeline}: its run cannot be dealt with now; the other pipelines go on")]
    public static partial void PipelineFailed(ILogger logger, string pipeline, Exception exception);

    [LoggerMessage(10, LogLevel.Error, "{Pipeline}: run {Epoch} cannot go on: {Reason}")]
    public static partial void RunEnds(ILogger logger, string pipeline, long epoch, string reason);

    [LoggerMessage(11, LogLevel.Warning, "The lag of a partition cannot be found out")]
    public static partial void NoLag(ILogger logger, Exception exception);
}
