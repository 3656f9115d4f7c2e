using Microsoft.Extensions.Logging;

namespace Conductor.StreamRider.Consuming;

/// <summary>What an endpoint tells people.</summary>
internal sealed partial class EndpointLog(ILogger<EndpointLog> logger)
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} of {Topic} cannot be read now")]
    public partial void CannotRead(string topic, int partition, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Partition {Partition} of {Topic} still cannot be read: {Reason}")]
    public partial void StillAway(string topic, int partition, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} of {Topic}: {Reason}; reading goes on at {Next}")]
    public partial void LostPosition(string topic, int partition, string reason, long? next);

    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Partition} of {Topic} is in other hands: {Reason}")]
    public partial void Fenced(string topic, int partition, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The position in partition {Partition} of {Topic} is not stored now")]
    public partial void NotSaved(string topic, int partition, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Record {Offset} of {Topic}/{Partition} was given up, and will be consumed again: {Reason}")]
    public partial void GivenUp(string topic, int partition, long offset, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Group} cannot consume {Topic} now")]
    public partial void CannotJoin(string group, string topic, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} of {Topic} was let go without a proper end")]
    public partial void LetGo(string topic, int partition, Exception exception);
}
