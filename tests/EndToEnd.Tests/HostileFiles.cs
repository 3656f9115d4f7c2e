using System.Net.Http.Headers;
using System.Text;

namespace Conductor.EndToEnd.Tests;

/// <summary>Files that a pipeline must set aside, in a folder that it reads.</summary>
internal static class HostileFiles
{
    // 2^39 values of no bytes.
    private static readonly byte[] Doubling = HostileContainer.Of(HostileContainer.DoublingSchema("\"null\"", levels: 40), [], count: 1);
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
            case 0: await File.WriteAllBytesAsync(file, Doubling, cancellationToken); break;
            case 1: await File.WriteAllBytesAsync(file, [.. Magic, .. Encoding.UTF8.GetBytes(new string('n', 200_000))], cancellationToken); break;
            case 2:
                await using (var sparse = File.Create(file)) sparse.SetLength(2_200_000_000);
                break;
            case 3: File.CreateSymbolicLink(file, folder); break;
            default: await File.WriteAllBytesAsync(file, [], cancellationToken); break;
        }
    }

    private static string FolderOf(Platform platform) => Path.Combine(platform.Data, "pipelines", "hostile");
}
