using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Conductor.Domain.Streams.Records;

namespace Conductor.StreamRider.Consuming;

/// <summary>A record in the hands of an endpoint, with bytes of its own: those that it was read with go with their batch.</summary>
internal sealed class ConsumedRecord
{
    public ConsumedRecord(ConsumedTopic source, in StreamRecord record)
    {
        Body = record.Value.ToArray();
        Record = record with { Key = record.Key.ToArray(), Value = Body };
        Source = source;
    }

    public ConsumedTopic Source { get; }

    public StreamRecord Record { get; }

    /// <summary>The value.</summary>
    public byte[] Body { get; }

    /// <summary>
    /// The id of a record that brings none: the same whenever it is read, and another one for a record that has its place in a topic that was made anew.
    /// </summary>
    public Guid PlaceId => new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"{Source.Topic}\n{Record.Partition}\n{Record.Offset}\n{Record.Timestamp.ToUnixTimeMilliseconds()}"))).AsSpan(0, 16));
}

/// <summary>What an endpoint reads, and for whom.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Group">The group that shares its partitions.</param>
internal sealed record ConsumedTopic(string Topic, string Group);
