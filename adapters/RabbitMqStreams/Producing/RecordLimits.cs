using System.Text;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.RabbitMqStreams.Producing;

/// <summary>
/// What a message can hold. The broker answers what is larger by closing the channel, or the connection, which then looks like an outage.
/// </summary>
/// <param name="largestValue">Bytes of a value (<c>max_message_size</c>).</param>
/// <param name="frameMax">Bytes of a frame; all headers go into one (AMQP 0-9-1, section 4.2.6). 0 for no limit.</param>
internal sealed class RecordLimits(int largestValue, uint frameMax)
{
    // The frame's own bytes, the property flags, and our headers that every record gets.
    private const int Overhead = 512;
    // Name and value of a header carry their lengths and a type.
    private const int PerHeader = 8;

    /// <exception cref="BadRecordException">The record is too large.</exception>
    public void Check(in StreamRecord record)
    {
        if (record.Value.Length > largestValue)
            throw new BadRecordException($"it has {record.Value.Length} bytes, and RabbitMQ takes {largestValue} at most", largestValue);
        if (frameMax == 0) return;
        var size = Overhead + record.Key.Length;
        foreach (var header in record.Headers) size += PerHeader + Encoding.UTF8.GetByteCount(header.Name) + header.Value.Length;
        if (size > frameMax) throw new BadRecordException($"its key and headers have {size} bytes, and RabbitMQ takes {frameMax} at most", 0);
    }
}
