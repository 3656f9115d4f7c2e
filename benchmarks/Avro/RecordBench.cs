using System.Buffers.Binary;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Fields;
using Conductor.Domain.Avro.Schemas;

namespace Conductor.Bench.Avro;

/// <summary>A small record, and an envelope of change data: 1,000 datums each, every one behind its length in 4 bytes.</summary>
internal static class RecordBench
{
    public static void Run(Stopclock clock, string folder)
    {
        Console.WriteLine("records");
        var small = AvroSchema.Parse(File.ReadAllText(Path.Combine(folder, "small.avsc")));
        var envelope = AvroSchema.Parse(File.ReadAllText(Path.Combine(folder, "env.avsc")));
        var smalls = Datums(Path.Combine(folder, "small.bin"));
        var envelopes = Datums(Path.Combine(folder, "env.bin"));
        Measure(clock, "small, every field as a value", small, smalls, "id", "name", "score", "active", "email", "tags");
        Measure(clock, "envelope, op, after.id, after.amount", envelope, envelopes, "op", "after.id", "after.amount");
        var smallObjects = new DatumReader(small);
        clock.Measure("small, all fields as objects", smalls.Length, () => Array.ForEach(smalls, datum => smallObjects.Read(datum)));
        var envelopeObjects = new DatumReader(envelope);
        clock.Measure("envelope, all fields as objects", envelopes.Length, () => Array.ForEach(envelopes, datum => envelopeObjects.Read(datum)));
    }

    private static void Measure(Stopclock clock, string name, AvroSchema schema, byte[][] datums, params string[] paths)
    {
        var program = FieldProgram.Compile(schema, paths, DatumExtent.Whole);
        clock.Measure(name, datums.Length, () =>
        {
            Span<FieldSlot> slots = stackalloc FieldSlot[program.Paths.Count];
            foreach (var datum in datums) program.Read(datum, slots);
        });
    }

    private static byte[][] Datums(string file)
    {
        var datums = new List<byte[]>();
        for (ReadOnlySpan<byte> rest = File.ReadAllBytes(file); !rest.IsEmpty;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            datums.Add(rest.Slice(4, length).ToArray());
            rest = rest[(4 + length)..];
        }

        return [.. datums];
    }
}
