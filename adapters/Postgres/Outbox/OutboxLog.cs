using Microsoft.Extensions.Logging;

namespace Conductor.Postgres.Outbox;

internal static partial class OutboxLog
{
    [LoggerMessage(10, LogLevel.Error, "The database refuses that row {Id} of the outbox is {Kind}; it is sent again when its lease ends")]
    public static partial void CannotSettle(ILogger logger, Guid id, string kind, Exception exception);

    [LoggerMessage(11, LogLevel.Warning, "Sending message {MessageId} to {Destination} failed ({Attempts} failed attempts); trying again in {Wait}")]
    public static partial void SendFailed(ILogger logger, Guid messageId, string destination, int attempts, TimeSpan wait, Exception exception);

    [LoggerMessage(12, LogLevel.Error, "Message {MessageId} to {Destination} was set aside after {Attempts} failed attempts")]
    public static partial void Poisoned(ILogger logger, Guid messageId, string destination, int attempts, Exception exception);

    [LoggerMessage(13, LogLevel.Error, "Message {MessageId} to {Destination} was given up here; it is sent again when its lease ends")]
    public static partial void GivenUp(ILogger logger, Guid messageId, string destination, Exception exception);

    [LoggerMessage(14, LogLevel.Debug, "Message {MessageId} to {Destination} is put off by {Wait}: {Reason}")]
    public static partial void PutOff(ILogger logger, Guid messageId, string destination, TimeSpan wait, string reason);

    [LoggerMessage(17, LogLevel.Debug, "Message {MessageId} is a duplicate for consumer {Consumer}")]
    public static partial void Duplicate(ILogger logger, Guid messageId, string? consumer);
}
