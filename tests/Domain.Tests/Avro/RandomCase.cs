using System.Buffers;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Schemas;
using FsCheck;
using FsCheck.Fluent;

namespace Conductor.Domain.Tests.Avro;

internal static class RandomCase
{
    public static (AvroSchema Schema, byte[] Datum, string Json) Create(ulong seed, ulong number)
    {
        // FsCheck's generator wants an odd second half.
        var rnd = new Rnd(seed + number, ((seed ^ number) * 2) + 1);
        var json = RandomData.Record(3, "").Sample(20, rnd, 1)[0];
        var schema = AvroSchema.Parse(json);
        return (schema, Encode(schema, RandomData.Value(schema).Sample(20, rnd, 1)[0]), json);
    }

    public static byte[] Encode(AvroSchema schema, AvroValue value)
    {
        var output = new ArrayBufferWriter<byte>();
        new DatumWriter(schema).Write(new AvroWriter(output), value);
        return output.WrittenSpan.ToArray();
    }
}
