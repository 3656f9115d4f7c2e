using System.Text;
using Conductor.Alerts;
using Conductor.Domain.Streams.Records;

namespace Conductor.Demo.Alerts;

/// <summary>Alerts without end, each with the key that keeps an object's alerts in order.</summary>
internal static class AlertRecords
{
    /// <summary>Alerts that nobody observed.</summary>
    public static IEnumerable<StreamRecord> Generate(TimeProvider time)
    {
        var generator = new AlertGenerator(AlertSchemas.Ztf, time.GetUtcNow().ToUnixTimeMilliseconds());
        for (var number = 0L; ; number++)
        {
            var alert = generator.Generate(number, time.GetUtcNow());
            yield return new StreamRecord { Key = Encoding.UTF8.GetBytes(alert.ObjectId), Value = generator.Packet(alert) };
        }
    }

    /// <summary>The packets of a folder and of those below it, over and over.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no packet.</exception>
    public static IEnumerable<StreamRecord> Replay(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*.avro", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? Endlessly(files) : throw new DirectoryNotFoundException($"there is no *.avro file in '{folder}'");
    }

    private static IEnumerable<StreamRecord> Endlessly(List<string> files)
    {
        while (true)
        {
            foreach (var file in files)
                yield return new StreamRecord { Key = Encoding.UTF8.GetBytes(Path.GetFileNameWithoutExtension(file)), Value = File.ReadAllBytes(file) };
        }
    }
}
