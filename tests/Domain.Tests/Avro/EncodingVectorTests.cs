using System.Buffers;
using System.Text.Json;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Fields;
using Conductor.Domain.Avro.Schemas;

namespace Conductor.Domain.Tests.Avro;

public class EncodingVectorTests
{
    [Fact]
    public void Reference_encodings_are_read_and_written_back()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Path("avro/binary-encodings.json")));
        var cases = document.RootElement.GetProperty("cases").EnumerateArray().ToList();
        cases.Count.ShouldBe(126);
        foreach (var c in cases)
        {
            var schema = AvroSchema.Parse(c.GetProperty("schema").GetRawText());
            var bytes = Convert.FromHexString(c.GetProperty("hex").GetString()!);
            var value = new DatumReader(schema).Read(bytes);
            Encode(schema, value).ShouldBe(bytes, c.GetRawText());
            if (schema.LogicalType is null) Same(value, c.GetProperty("value").GetString()!).ShouldBeTrue(c.GetRawText());
        }
    }

    [Fact]
    public void Data_of_the_reference_are_read_to_the_same_json_and_passed_over_to_their_end()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Path("avro/resolution-vectors.json")));
        var read = 0;
        foreach (var c in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            var schema = AvroSchema.Parse(c.GetProperty("writer").GetRawText());
            var bytes = Convert.FromHexString(c.GetProperty("writer_hex").GetString()!);
            var value = new DatumReader(schema).Read(bytes);
            Encode(schema, value).Length.ShouldBe(bytes.Length, c.GetProperty("id").GetString());
            FieldProgram.Compile(schema, [], DatumExtent.Whole).Read(bytes, []).Consumed.ShouldBe(bytes.Length, c.GetProperty("id").GetString());
            read++;
            // The file has no text for records without fields.
            if (c.GetProperty("writer_json").GetString() == "" && bytes.Length == 0) continue;
            using var expected = JsonDocument.Parse(c.GetProperty("writer_json").GetString()!);
            using var actual = JsonDocument.Parse(DatumJson.ToJson(schema, value));
            JsonElement.DeepEquals(actual.RootElement, expected.RootElement).ShouldBeTrue($"{actual.RootElement} is not {expected.RootElement}");
        }

        read.ShouldBe(1750);
    }

    private static byte[] Encode(AvroSchema schema, AvroValue value)
    {
        var output = new ArrayBufferWriter<byte>();
        new DatumWriter(schema).Write(new AvroWriter(output), value);
        return output.WrittenSpan.ToArray();
    }

    private static bool Same(AvroValue value, string expected) => value switch
    {
        AvroBoolean flag => flag.Value == bool.Parse(expected),
        AvroInteger number => number.Value == long.Parse(expected),
        AvroFloat number => number.Value.Equals(float.Parse(expected)) && float.IsNegative(number.Value) == IsNegative(expected, number.Value),
        AvroDouble number => number.Value.Equals(double.Parse(expected)) && double.IsNegative(number.Value) == IsNegative(expected, number.Value),
        AvroText text => text.Value == (expected == "'a' x 8192" ? new string('a', 8192) : expected),
        AvroBytes bytes => Convert.ToHexStringLower(bytes.Value.Span) == (expected == "(empty)" ? "" : expected),
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    // Java's NaN has its sign bit clear.
    private static bool IsNegative(string expected, double value) => !double.IsNaN(value) && expected.StartsWith('-');
}
