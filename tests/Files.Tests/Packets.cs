using System.Buffers;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Streams.Records;

namespace Conductor.Files.Tests;

/// <summary>Small packets, and what is in files of them.</summary>
internal static class Packets
{
    public const string Schema = """{"type":"record","name":"Alert","fields":[{"name":"id","type":"long"},{"name":"name","type":"string"}]}""";

    public static string SchemaNamed(string name) => Schema.Replace("\"Alert\"", $"\"{name}\"", StringComparison.Ordinal);

    public static byte[] Of(params long[] ids) => Of(Schema, ids);

    public static byte[] Of(string schema, params long[] ids) => Of(schema, ids.Select(id => (id, $"alert {id}")));

    public static byte[] Of(string schema, IEnumerable<(long Id, string Name)> alerts)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ContainerWriter(output, schema, ContainerCodec.Null, new byte[16]);
        foreach (var (id, name) in alerts)
        {
            var datum = new ArrayBufferWriter<byte>();
            var values = new AvroWriter(datum);
            values.WriteLong(id);
            values.WriteString(name);
            writer.Append(datum.WrittenSpan);
        }

        writer.EndBlock();
        return output.WrittenSpan.ToArray();
    }

    public static StreamRecord[] Records(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => new StreamRecord { Value = Of(i), Offset = i })];

    /// <summary>The ids in the finished files of a folder, in the order of the files' names.</summary>
    public static List<long> IdsIn(string folder) =>
        [.. Directory.GetFiles(folder, "*.avro").Order(StringComparer.Ordinal).SelectMany(file => IdsOf(File.ReadAllBytes(file)))];

    public static List<long> IdsOf(ReadOnlyMemory<byte> container)
    {
        var reader = new ContainerReader(new ContainerHeaderCache());
        reader.Open(container);
        var ids = new List<long>();
        while (reader.ReadBlock())
        {
            while (reader.ReadDatum(out var datum)) ids.Add(new AvroReader(datum.Span).ReadLong());
        }

        return ids;
    }
}
