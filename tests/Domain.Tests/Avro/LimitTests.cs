using System.Buffers;
using System.Text;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Fields;
using Conductor.Domain.Avro.Schemas;
using Conductor.Testing;

namespace Conductor.Domain.Tests.Avro;

/// <summary>Schemas and data made to cost more than they weigh.</summary>
public class LimitTests
{
    private static readonly byte[] Sync = new byte[16];

    [Theory]
    [InlineData("\"null\"")]
    [InlineData("{\"type\":\"fixed\",\"name\":\"F\",\"size\":0}")]
    public void Records_that_double_down_to_nothing_cost_nothing_to_pass_over(string leaf)
    {
        var schema = AvroSchema.Parse(HostileContainer.DoublingSchema(leaf, levels: 60));
        FieldProgram.Compile(schema, ["b"], DatumExtent.Whole).Read([], new FieldSlot[1]).Consumed.ShouldBe(0);
        FieldProgram.Compile(schema, [], DatumExtent.Whole).Read([], []).Consumed.ShouldBe(0);
        Should.Throw<AvroDataException>(() => new DatumReader(schema).Read([])).Fault.ShouldContain("values are announced");
    }

    [Fact]
    public void Records_that_double_to_more_than_there_is_are_refused_at_once()
    {
        var program = FieldProgram.Compile(AvroSchema.Parse(HostileContainer.DoublingSchema("\"float\"", levels: 60)), [], DatumExtent.Whole);
        Should.Throw<AvroDataException>(() => program.Read(new byte[1000], []));
    }

    [Fact]
    public void Chains_of_records_that_name_each_other_take_no_stack()
    {
        var fields = new StringBuilder("""{"name":"f0","type":{"type":"record","name":"R0","fields":[{"name":"a","type":"string"}]}}""");
        for (var i = 1; i < 9000; i++)
            fields.Append($$$""",{"name":"f{{{i}}}","type":{"type":"record","name":"R{{{i}}}","fields":[{"name":"a","type":"R{{{i - 1}}}"}]}}""");
        var schema = AvroSchema.Parse($$"""{"type":"record","name":"Root","fields":[{{fields}}]}""");
        var program = FieldProgram.Compile(schema, ["f8999.a"], DatumExtent.Whole);
        Should.Throw<AvroDataException>(() => program.Read(new byte[10_000], new FieldSlot[1]));
    }

    [Fact]
    public void Records_within_records_cost_a_factor_of_their_bytes()
    {
        var nested = "\"string\"";
        for (var i = 0; i < 80; i++) nested = $$"""{"type":"record","name":"R{{i}}","fields":[{"name":"a","type":{{nested}}}]}""";
        var schema = AvroSchema.Parse($$"""{"type":"array","items":{{nested}}}""");
        var program = FieldProgram.Compile(schema, [], DatumExtent.Whole);
        program.Read(Strings(10), []).Consumed.ShouldBe(12);
        Should.Throw<AvroDataException>(() => program.Read(Strings(1000), [])).Fault.ShouldContain("values are announced");
    }

    [Fact]
    public void Unions_of_records_along_a_wanted_path_do_not_multiply_without_end()
    {
        var names = Enumerable.Range(0, 200).Select(i => $"R{i}").ToList();
        var fields = names.Select((name, i) =>
            $$$"""{"name":"f{{{i}}}","type":{"type":"record","name":"{{{name}}}","fields":[{"name":"a","type":["null","Root"]}]}}""");
        var root = $$"""{"type":"record","name":"Root","fields":[{{string.Join(',', fields)}},{"name":"a","type":["{{string.Join("\",\"", names)}}"]}]}""";
        Should.Throw<AvroSchemaException>(() => FieldProgram.Compile(AvroSchema.Parse(root), ["a.a.a.a.a.a.a.a"])).Fault.ShouldContain("steps");
    }

    [Fact]
    public void Schemas_have_a_length_and_their_names_too()
    {
        var doc = new string('x', 1_100_000);
        Should.Throw<AvroSchemaException>(() => AvroSchema.Parse($$"""{"type":"string","doc":"{{doc}}"}""")).Fault.ShouldContain("characters");
        foreach (var schema in new[]
        {
            """{"type":"record","name":"NAME","fields":[]}""", """{"type":"record","name":"R","namespace":"NAME","fields":[]}""",
            """{"type":"record","name":"R","aliases":["NAME"],"fields":[]}""", """{"type":"record","name":"R","fields":[{"name":"NAME","type":"int"}]}""",
            """{"type":"record","name":"R","fields":[{"name":"a","aliases":["NAME"],"type":"int"}]}""", """{"type":"enum","name":"E","symbols":["NAME"]}""",
            """{"type":"fixed","name":"NAME","size":1}""",
        })
        {
            Should.Throw<AvroSchemaException>(() => AvroSchema.Parse(schema.Replace("NAME", new string('n', 600), StringComparison.Ordinal)))
                .Message.ShouldContain("at most 512 characters");
        }
    }

    [Fact]
    public void What_is_said_of_a_schema_quotes_little_of_it() =>
        Should.Throw<AvroSchemaException>(() => AvroSchema.Parse($"\"{new string('x', 200_000)}\"")).Message.Length.ShouldBeLessThan(600);

    [Fact]
    public void A_block_that_announces_a_million_empty_records_is_refused()
    {
        var file = HostileContainer.Of("""{"type":"record","name":"Empty","fields":[]}""", [], count: 1_000_000);
        file.Length.ShouldBeLessThan(150);
        Should.Throw<AvroDataException>(() => Values(file)).Fault.ShouldContain("announces 1000000 values");
        Values(HostileContainer.Of("""{"type":"record","name":"Empty","fields":[]}""", [], count: 1000)).ShouldBe(1000);
    }

    [Fact]
    public void Empty_records_are_counted_over_all_blocks()
    {
        var one = HostileContainer.Of("\"null\"", [], count: 900);
        var header = ContainerHeader.Parse(one).Length;
        Should.Throw<AvroDataException>(() => Values([.. one, .. one[header..], .. one[header..]])).Fault.ShouldContain("announces 900 values");
    }

    [Fact]
    public void A_block_holds_no_more_values_than_fit_into_its_bytes() =>
        Should.Throw<AvroDataException>(() => Values(HostileContainer.Of("\"double\"", new byte[16], count: 3))).Fault.ShouldContain("announces 3 values");

    [Fact]
    public void A_deflate_bomb_is_refused_and_its_memory_given_back()
    {
        var bomb = Deflated(new byte[250_000_000]);
        bomb.Length.ShouldBeLessThan(300_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<AvroDataException>(() => Values(bomb)).Fault.ShouldContain("when it is decompressed");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4_000_000);
        var image = new byte[3_000_000];
        new Random(7).NextBytes(image.AsSpan(0, 100_000));
        Values(Deflated([0x80, 0x9b, 0xee, 0x02, .. image])).ShouldBe(1, "30 times its size");
        // A MiB may come of anything: the length 1,000,000 as a zig-zag number, and zeros.
        Values(Deflated([0x80, 0x89, 0x7a, .. new byte[1_000_000]])).ShouldBe(1);
    }

    [Fact]
    public void A_header_has_a_size()
    {
        var output = new ArrayBufferWriter<byte>();
        _ = new ContainerWriter(output, "\"int\"", ContainerCodec.Null, Sync, [new("much", new byte[3_000_000])]);
        Should.Throw<AvroDataException>(() => ContainerHeader.Parse(output.WrittenSpan)).Fault.ShouldContain("bytes");
        output = new ArrayBufferWriter<byte>();
        var many = Enumerable.Range(0, 2000).Select(i => KeyValuePair.Create($"{i}", ReadOnlyMemory<byte>.Empty)).ToList();
        _ = new ContainerWriter(output, "\"int\"", ContainerCodec.Null, Sync, many);
        Should.Throw<AvroDataException>(() => ContainerHeader.Parse(output.WrittenSpan)).Fault.ShouldContain("entries");
    }

    [Fact]
    public void Large_headers_are_not_remembered()
    {
        var headers = new ContainerHeaderCache();
        var files = "abcdefgh".Select(c => HostileContainer.Of($$"""{"type":"string","doc":"{{new string(c, 300_000)}}"}""", [0], count: 1)).ToList();
        var read = files.ConvertAll(file => headers.Read(file));
        headers.Read(files[^1]).ShouldBeSameAs(read[^1]);
        headers.Read(files[0]).ShouldNotBeSameAs(read[0]);
    }

    [Fact]
    public void A_path_through_what_has_no_fields_is_missing()
    {
        var schema = AvroSchema.Parse("""{"type":"record","name":"R","fields":[{"name":"a","type":["null","bytes"]},{"name":"b","type":"int"}]}""");
        var program = FieldProgram.Compile(schema, ["a.x", "b.x", "b"], DatumExtent.Whole);
        program.MissingPaths.ShouldBe(["a.x", "b.x"]);
        var values = program.Read([2, 4, 7, 8, 14], new FieldSlot[3]);
        values.Integer(2).ShouldBe(7);
        values.IsNull(0).ShouldBeTrue();
    }

    private static byte[] Strings(int count)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new AvroWriter(output);
        writer.WriteLong(count);
        writer.WriteFixed(new byte[count + 1]);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Deflated(byte[] value) => HostileContainer.Of("\"bytes\"", HostileContainer.Deflated(value), count: 1, codec: "deflate");

    private static int Values(byte[] file)
    {
        var reader = new ContainerReader(new ContainerHeaderCache());
        reader.Open(file);
        var count = 0;
        while (reader.ReadBlock())
        {
            while (reader.ReadDatum(out _)) count++;
        }

        return count;
    }
}
