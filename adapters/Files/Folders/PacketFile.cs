using System.Buffers;
using System.Security.Cryptography;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;
using Microsoft.Win32.SafeHandles;

namespace Conductor.Files.Folders;

/// <summary>
/// Turns a file into packets of one value each. A file with one value is its own packet, byte for byte; so is a file that is damaged anywhere or no
/// container at all, for whoever reads it to find the fault and keep the original. Values of larger files become containers of their own; of a file that
/// is larger than a packet may be, one block is in memory at a time.
/// </summary>
internal sealed class PacketFile(ContainerHeaderCache headers, int maxPacketBytes)
{
    /// <summary>The packets of one file take at most this, or a thousand times the file: each has its schema.</summary>
    private const long AlwaysInAll = 64L * 1024 * 1024;

    private readonly ContainerReader _reader = new(headers);
    private readonly BlockFile _blocks = new(headers, maxPacketBytes);

    /// <summary>A packet, or why there is none; then the bytes are those that can be kept.</summary>
    public readonly record struct Packet(ReadOnlyMemory<byte> Bytes, string? Fault);

    public IEnumerable<Packet> Packets(SafeFileHandle file, long length, CancellationToken cancellationToken) => length switch
    {
        0 => [new Packet(default, "it is empty")],
        _ when length <= maxPacketBytes => Packets(BlockFile.ReadWhole(file, (int)length)),
        _ => PacketsOfLarge(file, length, cancellationToken),
    };

    private IEnumerable<Packet> Packets(ReadOnlyMemory<byte> file)
    {
        var count = CountValues(file);
        var tooMany = count > 1 ? FaultOf(count.Value, file.Length, _reader.Header) : null;
        if (count is null or 1 || tooMany is not null)
        {
            yield return new Packet(file, tooMany);
            yield break;
        }

        _reader.Open(file);
        while (_reader.ReadBlock())
        {
            while (_reader.ReadDatum(out var datum)) yield return Alone(_reader.Header, datum);
        }
    }

    /// <summary>Looks at all of it first, so that a damaged file is one bad packet and not some good ones before it.</summary>
    private IEnumerable<Packet> PacketsOfLarge(SafeFileHandle file, long length, CancellationToken cancellationToken)
    {
        if (FaultOf(file, length, cancellationToken) is { } fault) return [new Packet(default, $"{fault}; its {length} bytes are too many to be kept here")];
        return _blocks.Values(file, length, cancellationToken).Select(datum => Alone(_blocks.Header, datum));
    }

    private string? FaultOf(SafeFileHandle file, long length, CancellationToken cancellationToken)
    {
        try
        {
            long count = 0;
            foreach (var _ in _blocks.Values(file, length, cancellationToken)) count++;
            return FaultOf(count, length, _blocks.Header);
        }
        catch (AvroDataException e)
        {
            return e.Message;
        }
    }

    /// <summary>How many values a sound file holds; null where it is damaged.</summary>
    private long? CountValues(ReadOnlyMemory<byte> file)
    {
        try
        {
            _reader.Open(file);
            long count = 0;
            while (_reader.ReadBlock())
            {
                while (_reader.ReadDatum(out _)) count++;
            }

            return count;
        }
        catch (AvroDataException)
        {
            return null;
        }
    }

    private static string? FaultOf(long count, long length, ContainerHeader header)
    {
        var most = Math.Max(AlwaysInAll, 1000 * length);
        return count * header.Length > most
            ? $"its {count} values would take more than {most} bytes as packets with a schema of {header.Length} bytes each"
            : null;
    }

    private Packet Alone(ContainerHeader header, ReadOnlyMemory<byte> datum)
    {
        if (header.Length + datum.Length > maxPacketBytes - 64) return new Packet(default, $"a value of {datum.Length} bytes is larger than a packet may be");
        var output = new ArrayBufferWriter<byte>(header.Length + datum.Length + 64);
        var writer = new ContainerWriter(output, header.SchemaText, ContainerCodec.Null, SHA256.HashData(datum.Span).AsMemory(0, 16));
        writer.Append(datum.Span);
        writer.EndBlock();
        return new Packet(output.WrittenMemory, Fault: null);
    }
}
