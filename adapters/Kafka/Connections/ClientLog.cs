using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Conductor.Kafka.Connections;

/// <summary>Writes what librdkafka says to the service's log; otherwise it goes to the console.</summary>
internal static partial class ClientLog
{
    public static void Write(ILogger logger, LogMessage message)
    {
        // What it calls an error is mostly a connection that was refused, of which there is one for each attempt.
        var level = message.Level <= SyslogLevel.Critical ? LogLevel.Error : message.Level <= SyslogLevel.Warning ? LogLevel.Information : LogLevel.Debug;
        Said(logger, level, message.Name, message.Facility, message.Message);
    }

    [LoggerMessage(EventId = 1, Message = "{Client} {Facility}: {Words}")]
    private static partial void Said(ILogger logger, LogLevel level, string client, string facility, string words);
}
