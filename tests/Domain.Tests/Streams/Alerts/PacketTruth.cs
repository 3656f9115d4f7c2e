using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Schemas;

namespace Conductor.Domain.Tests.Streams.Alerts;

/// <summary>A packet's fields read the slow way: every field of the packet, as objects.</summary>
internal sealed record PacketTruth(string ObjectId, long Candid, string? SolarSystemName, double? Distance, double? Magnitude, float? Rb)
{
    /// <summary>Whether there is an object of the solar system, as reference/alert-streams.md tells it.</summary>
    public bool HasObject => SolarSystemName is not (null or "" or "null") && Distance is not -999;

    public static PacketTruth Of(byte[] packet)
    {
        var reader = new ContainerReader(new ContainerHeaderCache());
        reader.Open(packet);
        reader.ReadBlock().ShouldBeTrue();
        var schema = (RecordSchema)reader.Header.Schema;
        var alert = (AvroRecord)new DatumReader(schema).Read(reader.Block.Span);
        var candidate = (RecordSchema)schema.Find("candidate")!.Schema;
        var fields = (AvroRecord)Field(schema, alert, "candidate")!;
        return new PacketTruth(
            ((AvroText)Field(schema, alert, "objectId")!).Value,
            ((AvroInteger)Field(schema, alert, "candid")!).Value,
            (Field(candidate, fields, "ssnamenr") as AvroText)?.Value,
            (Field(candidate, fields, "ssdistnr") as AvroFloat)?.Value,
            (Field(candidate, fields, "ssmagnr") as AvroFloat)?.Value,
            (Field(candidate, fields, "rb") as AvroFloat)?.Value);
    }

    private static AvroValue? Field(RecordSchema schema, AvroRecord record, string name) =>
        record.Fields[schema.Find(name)!.Position] is var value && value is AvroUnion union ? union.Value is AvroNull ? null : union.Value : value;
}
