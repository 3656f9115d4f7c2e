using System.Globalization;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.StreamRider.Producing;
using Conductor.StreamRider.Records;
using MassTransit;

namespace Conductor.StreamRider.Consuming;

/// <summary>
/// A topic beside the one that is read, for what cannot be consumed: the original bytes, key and headers, and what there is to say about them. Made when
/// it is first needed, with as many partitions.
/// </summary>
internal sealed class DeadLetterTopic(TopicTransports transports, string source, string suffix)
{
    private readonly string _topic = source + suffix;
    private bool _exists;

    /// <summary>Returns when the broker has confirmed the record; waits while it cannot be reached.</summary>
    public async Task WriteAsync(ConsumedRecord record, Headers reason, CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        var about = About(record, reason);
        var letter = record.Record with { Headers = [.. Kept(record, about), .. about], Fault = null };
        try
        {
            await transports.Of(_topic).Writer.WriteAsync(letter, cancellationToken);
        }
        catch (BadRecordException)
        {
            // With what is said about it the record is larger than a broker takes: its own headers are left out, and it says so.
            var leftOut = RecordHeader.Of(RecordHeaderNames.LeftOut, record.Record.Headers.Count.ToString(CultureInfo.InvariantCulture));
            await transports.Of(_topic).Writer.WriteAsync(letter with { Headers = [.. about, leftOut] }, cancellationToken);
        }
    }

    private async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var pause = new RetryPause();
        while (!_exists)
        {
            try
            {
                if (await transports.Broker.FindTopicAsync(_topic, cancellationToken) is null) await MakeAsync(cancellationToken);
                _exists = true;
            }
            catch (StreamUnavailableException)
            {
                // The endpoint tells of the outage.
                await pause.WaitAsync(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        var partitions = (await transports.Broker.FindTopicAsync(source, cancellationToken))?.Partitions ?? 1;
        await transports.Broker.EnsureTopicAsync(new TopicSpecification(_topic, partitions).Limited, cancellationToken);
    }

    private static List<RecordHeader> About(ConsumedRecord record, Headers reason)
    {
        var about = new List<RecordHeader>();
        foreach (var (name, value) in reason.GetAll())
        {
            if (OutgoingRecord.TextOf(value) is { } text) about.Add(RecordHeader.Said(name, text));
        }
        var origin = RecordOrigin.InTopic(record.Source.Topic, record.Record);
        about.Add(RecordHeader.Of(RecordHeaderNames.Source, origin.Source));
        about.Add(RecordHeader.Of(RecordHeaderNames.Position, origin.Position));
        return about;
    }

    private static IEnumerable<RecordHeader> Kept(ConsumedRecord record, List<RecordHeader> about)
    {
        var said = about.Select(header => header.Name).ToHashSet(StringComparer.Ordinal);
        return record.Record.Headers.Where(header => !said.Contains(header.Name));
    }
}
