using Conductor.Domain.Avro.Schemas;

namespace Conductor.Domain.Avro.Data;

/// <summary>
/// What can be said of a value's size from its schema alone. Remembers records, so that the cost does not grow with how often they are named.
/// </summary>
internal sealed class EncodedSizes
{
    private readonly Dictionary<RecordSchema, int> _fixed = [];
    private readonly Dictionary<RecordSchema, int> _least = [];

    /// <summary>The size of every value of the schema, or -1 where it varies.</summary>
    public int Fixed(AvroSchema schema) => schema switch
    {
        FixedSchema bytes => bytes.Size,
        RecordSchema record => FixedRecord(record),
        _ => schema.Type switch
        {
            AvroType.Null => 0,
            AvroType.Boolean => 1,
            AvroType.Float => sizeof(float),
            AvroType.Double => sizeof(double),
            _ => -1,
        },
    };

    /// <summary>The least number of bytes that a value takes; guards against announced counts that cannot be true.</summary>
    public int Least(AvroSchema schema)
    {
        switch (schema)
        {
            case RecordSchema record:
                return LeastRecord(record);
            case UnionSchema { Branches.Count: > 0 } union:
                return Math.Min(union.Branches.Min(Least), int.MaxValue - 1) + 1;
            default:
                return Math.Max(Fixed(schema), schema.Type is AvroType.Null or AvroType.Fixed ? 0 : 1);
        }
    }

    /// <summary>The least number of bytes that an entry of a map takes: its key's length, then the value.</summary>
    public int LeastEntry(MapSchema map) => Math.Min(Least(map.Values), int.MaxValue - 1) + 1;

    private int FixedRecord(RecordSchema record)
    {
        // A record inside itself has no fixed size: that is its answer until the sum is known.
        if (!_fixed.TryAdd(record, -1)) return _fixed[record];
        long sum = 0;
        foreach (var field in record.Fields)
        {
            var size = Fixed(field.Schema);
            if (size < 0) return -1;
            sum += size;
        }

        return _fixed[record] = sum > int.MaxValue ? -1 : (int)sum;
    }

    private int LeastRecord(RecordSchema record)
    {
        if (!_least.TryAdd(record, 0)) return _least[record];
        long sum = 0;
        foreach (var field in record.Fields) sum += Least(field.Schema);
        return _least[record] = (int)Math.Min(sum, int.MaxValue);
    }
}
