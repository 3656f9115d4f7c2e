using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Schemas;
using FsCheck;
using FsCheck.Fluent;

namespace Conductor.Domain.Tests.Avro;

/// <summary>Random schemas, and random values of them.</summary>
internal static class RandomData
{
    private static readonly string[] Primitives = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

    /// <summary>A schema's JSON; names are made unique by their path.</summary>
    public static Gen<string> Schema(int depth, string name) => depth == 0
        ? Gen.Elements(Primitives).Select(type => $"\"{type}\"")
        : Gen.OneOf(
            Schema(0, name),
            Schema(depth - 1, name + "i").Select(items => $$"""{"type":"array","items":{{items}}}"""),
            Schema(depth - 1, name + "v").Select(values => $$"""{"type":"map","values":{{values}}}"""),
            Gen.Choose(0, 9).Select(size => $$"""{"type":"fixed","name":"F{{name}}","size":{{size}}}"""),
            Gen.Choose(1, 5).Select(
                count => $$"""{"type":"enum","name":"E{{name}}","symbols":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"S{i}\""))}}]}"""),
            Gen.Elements("int", "long", "float", "double", "string", "bytes", "boolean").Select(type => $"""["null","{type}"]"""),
            Gen.Elements("int", "float", "string").Select(type => $"""["{type}","null"]"""),
            Schema(depth - 1, name + "u").Select(
                inner => inner.StartsWith('[') ? inner : $$"""[{"type":"record","name":"U{{name}}","fields":[{"name":"x","type":{{inner}}}]},"null","long"]"""),
            Record(depth, name));

    public static Gen<string> Record(int depth, string name) =>
        Gen.Choose(0, 6)
            .SelectMany(count => Gen.CollectToList(Enumerable.Range(0, count), i => Schema(depth - 1, $"{name}{i}")))
            .Select(types => string.Join(',', types.Select((type, i) => $$"""{"name":"f{{i}}","type":{{type}}}""")))
            .Select(fields => $$"""{"type":"record","name":"R{{name}}","fields":[{{fields}}]}""");

    public static Gen<AvroValue> Value(AvroSchema schema) => schema switch
    {
        RecordSchema record => Gen.CollectToList(record.Fields, field => Value(field.Schema)).Select(AvroValue (values) => new AvroRecord([.. values])),
        ArraySchema array => Many(Value(array.Items)).Select(AvroValue (items) => new AvroArray(items)),
        MapSchema map => Many(Value(map.Values))
            .Select(AvroValue (items) => new AvroMap([.. items.Select((item, i) => KeyValuePair.Create($"key {i}", item))])),
        UnionSchema union =>
            Gen.Choose(0, union.Branches.Count - 1).SelectMany(i => Value(union.Branches[i]).Select(AvroValue (value) => new AvroUnion(i, value))),
        EnumSchema symbols => Gen.Elements(symbols.Symbols.ToArray()).Select(AvroValue (symbol) => new AvroText(symbol)),
        FixedSchema size => Bytes(size.Size).Select(AvroValue (bytes) => new AvroBytes(bytes)),
        _ => Primitive(schema.Type),
    };

    private static Gen<AvroValue> Primitive(AvroType type) => type switch
    {
        AvroType.Boolean => Gen.Elements(true, false).Select(AvroValue (value) => new AvroBoolean(value)),
        AvroType.Int => ArbMap.Default.GeneratorFor<int>().Select(AvroValue (value) => new AvroInteger(value)),
        AvroType.Long => Gen.OneOf(Gen.Elements(long.MinValue, long.MaxValue, 0L, -1L, 9007199254740993L), ArbMap.Default.GeneratorFor<long>())
            .Select(AvroValue (value) => new AvroInteger(value)),
        AvroType.Float => ArbMap.Default.GeneratorFor<float>().Select(AvroValue (value) => new AvroFloat(value)),
        AvroType.Double => ArbMap.Default.GeneratorFor<double>().Select(AvroValue (value) => new AvroDouble(value)),
        AvroType.Bytes => Gen.Choose(0, 200).SelectMany(Bytes).Select(AvroValue (bytes) => new AvroBytes(bytes)),
        AvroType.String => Gen.Elements("", "a", "nul\0l", "grüße", "\U0001F52D", new string('x', 100)).Select(AvroValue (text) => new AvroText(text)),
        _ => Gen.Constant(AvroValue.Null),
    };

    private static Gen<byte[]> Bytes(int length) => ArbMap.Default.GeneratorFor<byte>().ArrayOf(length);

    private static Gen<List<AvroValue>> Many(Gen<AvroValue> items) => Gen.Choose(0, 4).SelectMany(count => items.ListOf(count)).Select(list => list.ToList());
}
