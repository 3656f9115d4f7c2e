using System.Buffers;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Fields;
using Conductor.Domain.Avro.Schemas;
using FsCheck.Fluent;

namespace Conductor.Domain.Tests.Avro;

public class RoundTripTests
{
    private const int Cases = 600;

    [Fact]
    public void Random_values_of_random_schemas_survive_writing_reading_and_passing_over()
    {
        ForEachCase((schema, datum, origin) =>
        {
            var reader = new DatumReader(schema);
            var value = reader.Read(datum);
            RandomCase.Encode(schema, value).ShouldBe(datum, origin);
            FieldProgram.Compile(schema, [], DatumExtent.Whole).Read(datum, []).Consumed.ShouldBe(datum.Length, origin);
            var fields = ((RecordSchema)schema).Fields.Select(field => field.Name).ToArray();
            if (fields.Length == 0) return;
            var whole = FieldProgram.Compile(schema, fields, DatumExtent.Whole);
            whole.Read(datum, new FieldSlot[fields.Length]).Consumed.ShouldBe(datum.Length, origin);
            for (var i = 0; i < fields.Length; i++) Check(schema, datum, value, i, origin);
        });
    }

    [Fact]
    public void Damaged_data_are_refused_or_read_but_never_anything_else()
    {
        var refused = 0;
        ForEachCase((schema, datum, origin) =>
        {
            var random = new Random(datum.Length);
            for (var i = 0; i < 12; i++)
            {
                var damaged = i % 2 == 0 && datum.Length > 0 ? Flipped(datum, random) : datum[..random.Next(datum.Length + 1)];
                refused += Refusals(schema, damaged, origin);
            }
        });
        refused.ShouldBeGreaterThan(Cases);
    }

    private static int Refusals(AvroSchema schema, byte[] damaged, string origin)
    {
        var refused = 0;
        var fields = ((RecordSchema)schema).Fields.Select(field => field.Name).ToArray();
        foreach (var read in new Action[]
        {
            () => new DatumReader(schema).Read(damaged),
            () => FieldProgram.Compile(schema, [], DatumExtent.Whole).Read(damaged, []),
            () => FieldProgram.Compile(schema, fields).Read(damaged, new FieldSlot[fields.Length]),
        })
        {
            try
            {
                read();
            }
            catch (AvroDataException e)
            {
                e.Offset.ShouldBeInRange(0, damaged.Length, origin);
                refused++;
            }
        }

        return refused;
    }

    private static void Check(AvroSchema schema, byte[] datum, AvroValue value, int index, string origin)
    {
        var field = ((RecordSchema)schema).Fields[index];
        var read = FieldProgram.Compile(schema, [field.Name]).Read(datum, new FieldSlot[1]);
        var (type, expected) = ((AvroRecord)value).Fields[index] is AvroUnion union && field.Schema is UnionSchema branches
            ? (branches.Branches[union.Branch], union.Value)
            : (field.Schema, ((AvroRecord)value).Fields[index]);
        switch (expected)
        {
            case AvroNull: read.IsNull(0).ShouldBeTrue(origin); break;
            case AvroBoolean flag: read.Boolean(0).ShouldBe(flag.Value, origin); break;
            case AvroInteger number: read.Integer(0).ShouldBe(number.Value, origin); break;
            case AvroFloat number: read.Single(0).ShouldBe(number.Value, origin); break;
            case AvroDouble number: read.TryGetNumber(0, out var found).ShouldBeTrue(origin); found.ShouldBe(number.Value, origin); break;
            case AvroText text: read.Text(0).ShouldBe(text.Value, origin); break;
            case AvroBytes bytes: read.Bytes(0).ToArray().ShouldBe(bytes.Value.ToArray(), origin); break;
            default: read.Bytes(0).ToArray().ShouldBe(RandomCase.Encode(type, expected), origin); break;
        }
    }

    private static byte[] Flipped(byte[] bytes, Random random)
    {
        var copy = bytes.ToArray();
        copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
        return copy;
    }

    private static void ForEachCase(Action<AvroSchema, byte[], string> check)
    {
        var seed = (ulong)DateTime.UtcNow.Ticks;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        for (var i = 0; i < Cases; i++)
        {
            var (schema, datum, json) = RandomCase.Create(seed, (ulong)i);
            check(schema, datum, $"seed {seed}, case {i}: {json}");
        }
    }
}
