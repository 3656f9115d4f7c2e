using System.Buffers;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Schemas;

namespace Conductor.Alerts;

/// <summary>
/// Makes alerts with ZTF's field names, without end: the same seed, number and time give the same bytes. For one thread.
/// </summary>
/// <param name="schema">Text of ZTF's alert schema; fields that are not known here get plain values of their type.</param>
/// <param name="seed">Tells one stream of alerts from another.</param>
/// <param name="solarSystemShare">Which part of the alerts lies near a known object of the solar system; about one in five of the real ones.</param>
public sealed class AlertGenerator(string schema, long seed, double solarSystemShare = 0.2)
{
    private const double JulianUnixEpoch = 2440587.5;
    private const int MostEarlier = 20;
    private readonly AvroSchema _schema = AvroSchema.Parse(schema);
    private readonly byte[][] _stamps = [StampImage.Create(1000), StampImage.Create(400), StampImage.Create(600)];
    private readonly ArrayBufferWriter<byte> _buffer = new(32 * 1024);

    /// <summary>Makes one alert.</summary>
    /// <param name="number">Its number in the stream, from 0.</param>
    /// <param name="at">When it was observed.</param>
    public GeneratedAlert Generate(long number, DateTimeOffset at)
    {
        var random = new AlertRandom(seed, number);
        // Like ZTF's: nights since 2017, then time of night and place; 19 digits at most.
        var jd = JulianUnixEpoch + (at.ToUnixTimeMilliseconds() / 86_400_000.0);
        var candid = ((long)((jd - 2457754.5) * 1_000_000) * 1_000_000_000) + (number % 1_000_000_000);
        var objectId = ObjectId(random, at);
        var name = random.Chance(solarSystemShare) ? SolarSystemObjects.Pick(random) : null;
        var values = new AlertValues(random, _stamps, candid, objectId, Measurement.Detection(random, candid, jd, name), Earlier(random, candid, jd));
        _buffer.ResetWrittenCount();
        new DatumWriter(_schema).Write(new AvroWriter(_buffer), values.Alert((RecordSchema)_schema));
        return new GeneratedAlert(objectId, candid, name, _buffer.WrittenSpan.ToArray());
    }

    /// <summary>An alert as ZTF publishes it: a container file of its own, schema included.</summary>
    public ReadOnlyMemory<byte> Packet(GeneratedAlert alert)
    {
        var output = new ArrayBufferWriter<byte>(schema.Length + alert.Datum.Length + 256);
        var sync = new byte[16];
        BitConverter.TryWriteBytes(sync, alert.Candid);
        BitConverter.TryWriteBytes(sync.AsSpan(8), SchemaFingerprint.Of(alert.Datum.Span));
        var writer = new ContainerWriter(output, schema, ContainerCodec.Null, sync);
        writer.Append(alert.Datum.Span);
        writer.EndBlock();
        return output.WrittenMemory;
    }

    private static string ObjectId(AlertRandom random, DateTimeOffset at)
    {
        Span<char> letters = stackalloc char[7];
        // Some two thousand objects, so that they are seen again.
        var rest = random.Below(2000) * 7919;
        for (var i = 0; i < letters.Length; i++, rest /= 26) letters[i] = (char)('a' + (rest % 26));
        return $"ZTF{at.Year % 100:D2}{letters}";
    }

    private static List<Measurement> Earlier(AlertRandom random, long candid, double jd)
    {
        var earlier = new List<Measurement>();
        for (var left = random.Below(MostEarlier + 1); left > 0; left--)
        {
            var before = jd - random.Between(0.01, 30);
            var id = candid - (long)((jd - before) * 1e12);
            earlier.Add(random.Chance(0.27) ? Measurement.Detection(random, id, before, solarSystemName: null) : Measurement.UpperLimit(random, id, before));
        }

        return earlier;
    }
}
