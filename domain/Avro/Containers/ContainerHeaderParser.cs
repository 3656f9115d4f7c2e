using System.Text;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Schemas;

namespace Conductor.Domain.Avro.Containers;

internal static class ContainerHeaderParser
{
    private const int MaxLength = 2 * 1024 * 1024;
    private const int MaxEntries = 1000;

    /// <summary>Reads a header; <paramref name="known"/> may give the schema for a text that was parsed before.</summary>
    public static ContainerHeader Parse(ReadOnlySpan<byte> file, Func<ReadOnlyMemory<byte>, AvroSchema?>? known)
    {
        if (!file.StartsWith(ContainerHeader.Magic)) throw new AvroDataException("not an Avro container file: it does not begin with Obj and 1", 0);
        var reader = new AvroReader(file);
        reader.Skip(ContainerHeader.Magic.Length);
        var metadata = ReadMetadata(ref reader);
        var length = reader.Position;
        reader.Skip(ContainerHeader.SyncLength);
        if (!metadata.TryGetValue(ContainerHeader.SchemaKey, out var text)) throw new AvroDataException("the header has no avro.schema", 0);
        return new ContainerHeader(file[..length].ToArray(), known?.Invoke(text) ?? ParseSchema(text), metadata);
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> ReadMetadata(ref AvroReader reader)
    {
        var metadata = new Dictionary<string, ReadOnlyMemory<byte>>();
        long entries = 0;
        while (reader.ReadBlockHead(out _) is var count and not 0)
        {
            // An entry takes two bytes at least.
            if (count > reader.Remaining / 2) throw reader.Fault($"{count} entries of metadata are announced, {reader.Remaining} bytes are left");
            if ((entries += count) > MaxEntries) throw reader.Fault($"a header has at most {MaxEntries} entries");
            for (; count > 0; count--)
            {
                var key = reader.ReadSized();
                var value = reader.ReadSized();
                if (reader.Position > MaxLength) throw reader.Fault($"a header has at most {MaxLength} bytes");
                metadata[Encoding.UTF8.GetString(key)] = value.ToArray();
            }
        }

        return metadata;
    }

    private static AvroSchema ParseSchema(ReadOnlyMemory<byte> text)
    {
        try
        {
            return AvroSchema.ParseWritten(Encoding.UTF8.GetString(text.Span));
        }
        catch (AvroSchemaException e)
        {
            throw new AvroDataException($"the header's schema is not valid: {e.Message}", 0, e);
        }
    }
}
