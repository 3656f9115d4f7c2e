using System.Net.Http.Headers;
using System.Text;

namespace Conductor.EndToEnd.Tests;

/// <summary>Files that a pipeline must set aside, in a folder that it reads.</summary>
internal static class HostileFiles
{
    private static readonly byte[] Magic = [.. "Obj"u8, 1];

    /// <summary>Begins a pipeline that reads the folder.</summary>
    public static async Task WatchAsync(Platform platform, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = platform.Pipelines };
        Directory.CreateDirectory(FolderOf(platform));
        const string Yaml = """
            name: hostile
            components:
              read:
                type: processing-node
                source: { folder: hostile }
                sinks:
                  out: { topic: hostile.out }
              topics:
                type: stream-buffer
                topics:
                  hostile.out: { partitions: 1 }
            """;
        using var body = new StringContent(Yaml, Encoding.UTF8, new MediaTypeHeaderValue("application/yaml"));
        using var created = await client.PostAsync(new Uri("/api/pipelines", UriKind.Relative), body, cancellationToken);
        created.IsSuccessStatusCode.ShouldBeTrue(await created.Content.ReadAsStringAsync(cancellationToken));
        using var begun = await client.PostAsync(new Uri("/api/pipelines/hostile/start", UriKind.Relative), content: null, cancellationToken);
        begun.IsSuccessStatusCode.ShouldBeTrue(await begun.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>Puts one of several kinds of files there.</summary>
    public static async Task DropAsync(Platform platform, int number, CancellationToken cancellationToken)
    {
        var folder = FolderOf(platform);
        var file = Path.Combine(folder, $"{number}.avro");
        switch (number % 5)
        {
            case 0: await File.WriteAllBytesAsync(file, Doubling(40), cancellationToken); break;
            case 1: await File.WriteAllBytesAsync(file, [.. Magic, .. Encoding.UTF8.GetBytes(new string('n', 200_000))], cancellationToken); break;
            case 2:
                await using (var sparse = File.Create(file)) sparse.SetLength(2_200_000_000);
                break;
            case 3: File.CreateSymbolicLink(file, folder); break;
            default: await File.WriteAllBytesAsync(file, [], cancellationToken); break;
        }
    }

    private static string FolderOf(Platform platform) => Path.Combine(platform.Data, "pipelines", "hostile");

    // A record of two records of two records ... of null: 2^levels values of no bytes.
    private static byte[] Doubling(int levels)
    {
        var schema = "\"null\"";
        for (var i = 0; i < levels; i++)
        {
            var second = i == 0 ? "\"null\"" : $"\"r{i - 1}\"";
            schema = $$"""{"type":"record","name":"r{{i}}","fields":[{"name":"a","type":{{schema}}},{"name":"b","type":{{second}}}]}""";
        }
        var (json, sync) = (Encoding.UTF8.GetBytes(schema), new byte[16]);
        return [.. Magic, 2, .. Text("avro.schema"u8.ToArray()), .. Text(json), 0, .. sync, 2, 0, .. sync];
    }

    // Avro's long: zigzag, seven bits a byte.
    private static byte[] Text(byte[] bytes)
    {
        var length = new List<byte>();
        for (var rest = (uint)bytes.Length << 1; ; rest >>= 7)
        {
            if (rest < 0x80)
            {
                length.Add((byte)rest);
                break;
            }
            length.Add((byte)(rest | 0x80));
        }
        return [.. length, .. bytes];
    }
}
