using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Schemas;

namespace Conductor.Alerts;

/// <summary>Fills the fields that a schema asks for.</summary>
internal sealed class AlertValues(
    AlertRandom random, byte[][] stamps, long candid, string objectId, Measurement candidate, IReadOnlyList<Measurement> earlier)
{
    public AvroRecord Alert(RecordSchema schema) => new([.. schema.Fields.Select(field => Top(field.Name, field.Schema))]);

    private AvroValue Top(string field, AvroSchema type) => (field, Value(type)) switch
    {
        ("schemavsn", _) => new AvroText("4.01"),
        ("publisher", _) => new AvroText("Conductor demonstration"),
        ("objectId", _) => new AvroText(objectId),
        ("candid", _) => new AvroInteger(candid),
        ("candidate", RecordSchema record) => Measured(record, candidate),
        ("prv_candidates", ArraySchema { Items: RecordSchema record }) =>
            earlier.Count == 0 ? AvroValue.Null : new AvroArray([.. earlier.Select(measurement => Measured(record, measurement))]),
        ("cutoutScience", RecordSchema) => Stamp("science", 0),
        ("cutoutTemplate", RecordSchema) => Stamp("template", 1),
        ("cutoutDifference", RecordSchema) => Stamp("difference", 2),
        _ => Plain(type),
    };

    private AvroRecord Measured(RecordSchema schema, Measurement measurement) =>
        new([.. schema.Fields.Select(field => measurement.Find(field.Name) is { } value ? Fit(value, Value(field.Schema).Type) : Plain(field.Schema))]);

    private AvroRecord Stamp(string kind, int index) => new([new AvroText($"candid{candid}_{kind}.fits.gz"), new AvroBytes(stamps[index])]);

    /// <summary>A number in the type that the schema wants.</summary>
    private static AvroValue Fit(AvroValue value, AvroType type) => (value, type) switch
    {
        (AvroDouble number, AvroType.Float) => new AvroFloat((float)number.Value),
        (AvroDouble number, AvroType.Int or AvroType.Long) => new AvroInteger((long)number.Value),
        _ => value,
    };

    private AvroValue Plain(AvroSchema type) => Value(type).Type switch
    {
        AvroType.Float => new AvroFloat((float)random.Between(0, 20)),
        AvroType.Double => new AvroDouble(random.Between(0, 360)),
        AvroType.Int => new AvroInteger(random.Below(100)),
        AvroType.Long => new AvroInteger(random.Below(int.MaxValue)),
        AvroType.Boolean => new AvroBoolean(random.Chance(0.5)),
        AvroType.String => new AvroText(""),
        _ => AvroValue.Null,
    };

    /// <summary>What a nullable type holds when it is not null.</summary>
    private static AvroSchema Value(AvroSchema type) =>
        type is UnionSchema union ? union.Branches.First(branch => branch.Type != AvroType.Null) : type;
}
