using System.Net;
using System.Net.Http.Json;
using Conductor.Engines;

namespace Conductor.EndToEnd.Tests;

[EndToEnd]
public sealed class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_ends_nothing_and_all_goes_on_when_there_is_space_again()
    {
        using var disk = SmallDisk.Mount(megabytes: 420);
        await using var platform = await Platform.StartOnAsync(disk.Path, "--no-demo", "--no-dashboard");
        using var client = new HttpClient { BaseAddress = platform.Workflows, Timeout = TimeSpan.FromSeconds(10) };
        (await RegisterAsync(client)).ShouldBe(HttpStatusCode.OK);
        disk.Fill();
        (await RegisterAsync(client)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        var (service, supervisor) = (platform.ProcessId("workflows"), platform.ProcessId("apphost"));
        await platform.KillAsync("workflows");
        await Eventually.IsTrueAsync(async () =>
        {
            // An engine may have removed a file meanwhile.
            disk.Fill();
            return await RegisterAsync(client) == HttpStatusCode.ServiceUnavailable;
        }, "the service runs again", seconds: 120);
        disk.MakeRoom();
        await Eventually.IsTrueAsync(async () => await RegisterAsync(client) == HttpStatusCode.OK, "the service works again", seconds: 120);
        await Eventually.IsTrueAsync(() => platform.IsRecorded("workflows") && platform.ProcessId("workflows") != service, "its process is noted");
        platform.ProcessId("apphost").ShouldBe(supervisor);
    }

    // Larger, however well it is compressed, than the room that is left in pages that the server has already.
    private static async Task<HttpStatusCode?> RegisterAsync(HttpClient client)
    {
        var large = new byte[300_000];
        Random.Shared.NextBytes(large);
        var definition = new
        {
            name = Guid.NewGuid().ToString("N"), version = 1, schemaVersion = 2, ownerEmail = "d@example.com",
            tasks = new[] { new { name = "n", taskReferenceName = "n", type = "NOOP", inputParameters = new { large } } },
        };
        try
        {
            using var answer = await client.PutAsJsonAsync("/api/metadata/workflow", new[] { definition }, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
