using Conductor.Alerts;

namespace Conductor.Bench.Avro;

internal static class Packets
{
    public static byte[][] In(string folder) => [.. Directory.GetFiles(folder, "*.avro").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    public static byte[][] Generated(int count)
    {
        var generator = new AlertGenerator(AlertSchemas.Ztf, seed: 1);
        return [.. Enumerable.Range(0, count).Select(i => generator.Packet(generator.Generate(i, DateTimeOffset.UnixEpoch.AddYears(56))).ToArray())];
    }
}
