using Conductor.Alerts;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Streams.Alerts;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Pipelines.Tests.Service;

/// <summary>Packets to feed to pipelines, and what is in the files that come out.</summary>
internal static class Packets
{
    private static readonly ContainerHeaderCache Headers = new();

    /// <summary>Writes made-up packets to a folder; returns their candids in the order of the file names.</summary>
    public static List<long> Generate(string folder, int count, int first = 0)
    {
        Directory.CreateDirectory(folder);
        var generator = new AlertGenerator(AlertSchemas.Ztf, 7);
        var candids = new List<long>();
        for (var i = first; i < first + count; i++)
        {
            var alert = generator.Generate(i, new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero).AddSeconds(i));
            File.WriteAllBytes(Path.Combine(folder, $"{i:D8}.avro"), generator.Packet(alert).ToArray());
            candids.Add(alert.Candid);
        }
        return candids;
    }

    /// <summary>The candids of those among the first made-up packets that lie near a known object, which the solar-system filter passes.</summary>
    public static List<long> Known(int count)
    {
        var generator = new AlertGenerator(AlertSchemas.Ztf, 7);
        return [.. Enumerable.Range(0, count).Select(i => generator.Generate(i, new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero).AddSeconds(i)))
            .Where(alert => alert.SolarSystemName is not null).Select(alert => alert.Candid)];
    }

    /// <summary>The real packets as ZTF publishes them, or the test is skipped.</summary>
    public static string[] Real()
    {
        var folder = Environment.GetEnvironmentVariable("CONDUCTOR_SHARED") ?? Beside();
        var alerts = folder is null ? null : Path.Combine(folder, "data", "alerts", "ztf");
        Assert.SkipUnless(Directory.Exists(alerts), "the real ZTF packets (data/alerts/ztf) are not on this machine");
        return [.. Directory.GetFiles(alerts!, "*.avro", SearchOption.AllDirectories)
            .Where(file => !file.Contains("ampel", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The candids in the finished files of a folder, with repetitions.</summary>
    public static List<long> Candids(string folder) => Directory.Exists(folder)
        ? [.. Directory.GetFiles(folder, "*.avro").SelectMany(file => Values(file, "candid").Select(v => v.Integer))]
        : [];

    /// <summary>One field of every value in a container file.</summary>
    public static IEnumerable<FieldValue> Values(string file, string field)
    {
        var reader = new ContainerReader(Headers);
        reader.Open(File.ReadAllBytes(file));
        var packets = new ContainerPacketReader([field], Headers);
        var value = new FieldValue[1];
        while (reader.ReadBlock())
        {
            while (reader.ReadDatum(out var datum))
            {
                packets.Read(Packet(reader.Header.SchemaText, datum), value);
                yield return value[0];
            }
        }
    }

    private static ReadOnlyMemory<byte> Packet(string schema, ReadOnlyMemory<byte> datum)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new ContainerWriter(output, schema, ContainerCodec.Null, new byte[16]);
        writer.Append(datum.Span);
        writer.EndBlock();
        return output.WrittenMemory;
    }

    private static string? Beside()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(candidate, "data"))) return candidate;
        }
        return null;
    }
}
