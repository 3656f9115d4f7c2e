using System.Buffers;
using System.Security.Cryptography;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;

namespace Conductor.Files.Folders;

/// <summary>
/// Turns a file into packets of one value each. A file with one value is its own packet, byte for byte; so is a file that is damaged anywhere or no
/// container at all, for whoever reads it to find the fault and keep the original. Values of larger files become containers of their own.
/// </summary>
internal sealed class PacketFile(ContainerHeaderCache headers)
{
    private readonly ContainerReader _reader = new(headers);

    public IEnumerable<ReadOnlyMemory<byte>> Packets(ReadOnlyMemory<byte> file)
    {
        if (CountValues(file) is not { } count || count == 1)
        {
            yield return file;
            yield break;
        }

        _reader.Open(file);
        while (_reader.ReadBlock())
        {
            while (_reader.ReadDatum(out var datum)) yield return Alone(_reader.Header, datum);
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

    private static ReadOnlyMemory<byte> Alone(ContainerHeader header, ReadOnlyMemory<byte> datum)
    {
        var output = new ArrayBufferWriter<byte>(header.Length + datum.Length + 64);
        var writer = new ContainerWriter(output, header.SchemaText, ContainerCodec.Null, SHA256.HashData(datum.Span).AsMemory(0, 16));
        writer.Append(datum.Span);
        writer.EndBlock();
        return output.WrittenMemory;
    }
}
