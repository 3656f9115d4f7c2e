using System.Buffers;
using System.IO.Compression;
using Conductor.Domain.Avro.Data;

namespace Conductor.Testing;

/// <summary>Avro container files that say of themselves what they like.</summary>
public static class HostileContainer
{
    /// <summary>A container with one block.</summary>
    /// <param name="schema">Its schema, which nothing checks.</param>
    /// <param name="block">The bytes of the block as they are in the file.</param>
    /// <param name="count">How many values the block announces.</param>
    /// <param name="codec">The codec that the header names; the block is not encoded.</param>
    public static byte[] Of(string schema, byte[] block, long count, string codec = "null")
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new AvroWriter(output);
        writer.WriteFixed("Obj\u0001"u8);
        writer.WriteLong(2);
        writer.WriteString("avro.schema");
        writer.WriteString(schema);
        writer.WriteString("avro.codec");
        writer.WriteString(codec);
        writer.WriteLong(0);
        writer.WriteFixed(new byte[16]);
        writer.WriteLong(count);
        writer.WriteBytes(block);
        writer.WriteFixed(new byte[16]);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The schema of a record of two records of two records and so on: 2 to the power of <paramref name="levels"/> leaves.</summary>
    public static string DoublingSchema(string leaf, int levels)
    {
        var schema = $$"""{"type":"record","name":"R0","fields":[{"name":"a","type":{{leaf}}}]}""";
        for (var i = 1; i < levels; i++)
            schema = $$"""{"type":"record","name":"R{{i}}","fields":[{"name":"a","type":{{schema}}},{"name":"b","type":"R{{i - 1}}"}]}""";
        return schema;
    }

    /// <summary>A block for the codec <c>deflate</c>.</summary>
    public static byte[] Deflated(byte[] values)
    {
        using var output = new MemoryStream();
        using (var deflater = new DeflateStream(output, CompressionLevel.SmallestSize)) deflater.Write(values);
        return output.ToArray();
    }
}
