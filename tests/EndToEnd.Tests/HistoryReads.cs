using System.Diagnostics;
using System.Text.Json;

namespace Conductor.EndToEnd.Tests;

/// <summary>Searches and pages of the console, and how long they take.</summary>
internal sealed class HistoryReads : IAsyncDisposable
{
    private const int Times = 20;
    private readonly HttpClient _workflows;
    private readonly HttpClient _console;
    private string _deep = "";
    private string _id = "";

    private HistoryReads(Platform platform) => (_workflows, _console) =
        (new() { BaseAddress = platform.Workflows }, new() { BaseAddress = platform.Service("console") });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<HistoryReads> CreateAsync(Platform platform)
    {
        var reads = new HistoryReads(platform);
        using (await reads._console.GetAsync(platform.Login, Stop)) { }
        // The place that a reader who goes on from page to page comes to at last.
        var oldest = await reads.SearchAsync("size=1000&sort=startTime:ASC&query=workflowType%3Dhistory_*");
        reads._id = oldest.GetProperty("results")[0].GetProperty("workflowId").GetString()!;
        reads._deep = oldest.GetProperty("next").GetString()!;
        return reads;
    }

    public async Task<IReadOnlyList<(string What, TimeSpan Median, TimeSpan Slowest)>> MeasureAsync()
    {
        var found = new List<(string, TimeSpan, TimeSpan)>();
        foreach (var query in new[]
        {
            "", "start=10000", $"after={_deep}", "query=status%3DFAILED", "query=status%3DRUNNING", "query=workflowType%3Dhistory_3",
            "query=workflowType%3Dhistory_*", "query=workflowType%3Dhistory_3%20AND%20status%3DTERMINATED", "query=correlationId%3Dhistory-77",
            $"query=workflowType%3Dhistory_3&after={_deep}", "freeText=nowhere",
        })
            found.Add(await MeasureAsync(_workflows, "/api/workflow/search?" + query));
        foreach (var path in new[]
        {
            "/", "/workflows", $"/workflows?after={_deep}", "/workflows?status=FAILED", "/workflows?name=history_3", $"/workflows?name=history_3&after={_deep}",
            "/workflows?since=15m", "/workflows?text=nowhere", $"/workflows/{_id}", "/workflows/start", "/definitions", $"/definitions/{FinishedHistory.Name}",
        })
            found.Add(await MeasureAsync(_console, path));
        return found;
    }

    public ValueTask DisposeAsync()
    {
        _workflows.Dispose();
        _console.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<(string What, TimeSpan Median, TimeSpan Slowest)> MeasureAsync(HttpClient client, string path)
    {
        var times = new List<TimeSpan>();
        // The first ones are the compiler's, and the plans'.
        for (var i = -Times / 2; i < Times; i++)
        {
            var clock = Stopwatch.StartNew();
            using var answer = await client.GetAsync(path, Stop);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync(Stop);
            if (i >= 0) times.Add(clock.Elapsed);
        }
        times.Sort();
        return (path.Length > 64 ? path[..63] + "…" : path, times[Times / 2], times[^1]);
    }

    private async Task<JsonElement> SearchAsync(string query) => JsonElement.Parse(await _workflows.GetStringAsync("/api/workflow/search?" + query, Stop));
}
