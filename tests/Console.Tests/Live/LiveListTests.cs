using System.Net;
using System.Text.RegularExpressions;
using Conductor.Console.Tests.StandIns;

namespace Conductor.Console.Tests.Live;

public sealed partial class LiveListTests : IAsyncLifetime
{
    private readonly ConsoleUnderTest _console = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _console.InitializeAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task Viewers_of_a_list_cost_the_service_one_question_for_each_change_and_none_without()
    {
        using var client = await _console.ClientAsync();
        using var events = await EventsAsync(client);
        for (var change = 1; change <= 3; change++)
        {
            for (var look = 0; look < 2; look++) await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.GetStringAsync("/workflows", Stop)));
            Asked("/api/workflow/search").ShouldBe(change);
            Asked("/api/workflow/counts").ShouldBe(change);
            _console.WorkflowsService.Changed();
            await NextAsync(events, "version");
        }
    }

    [Fact]
    public async Task What_an_operator_does_is_on_the_next_page_although_no_change_is_told_yet()
    {
        using var client = await _console.ClientAsync();
        using var events = await EventsAsync(client);
        var page = $"/workflows/{WorkflowsStandIn.Running}";
        var before = await client.GetStringAsync(page, Stop);
        before.ShouldContain("running");
        var token = Token().Match(before).Groups[1].Value;
        using var answer = await client.PostAsync(page + "/pause", new FormUrlEncodedContent([new("__RequestVerificationToken", token)]), Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await client.GetStringAsync(page, Stop)).ShouldContain("is paused");
    }

    [Fact]
    public async Task A_list_says_that_there_are_more_than_were_counted()
    {
        _console.Workflows.MostCounted = 20;
        using var client = await _console.ClientAsync();
        var page = await client.GetStringAsync("/workflows", Stop);
        page.ShouldContain("newest first (more than 20)");
        page.ShouldContain("more than 20 in all");
        page.ShouldContain(">20&#x2B;<");
    }

    [Fact]
    public async Task A_place_in_the_list_at_which_nothing_is_left_leads_to_the_newest()
    {
        using var client = await _console.ClientAsync();
        var page = await client.GetStringAsync("/workflows?after=44444444-0000-4000-8000-000000000059", Stop);
        page.ShouldContain("Nothing is left at this place of the list.");
        page.ShouldContain("href=\"/workflows\">Show the newest");
    }

    private int Asked(string path) => _console.WorkflowsService.Requests.Count(request => request.Contains(path, StringComparison.Ordinal));

    // A viewer: what follows is shared as soon as the feed of the service is read for it.
    private static async Task<StreamReader> EventsAsync(HttpClient client)
    {
        var events = new StreamReader(await client.GetStreamAsync("/events?from=workflows", Stop));
        await NextAsync(events, "reachable");
        return events;
    }

    private static async Task NextAsync(StreamReader events, string what)
    {
        while (await events.ReadLineAsync(Stop) is { } line)
            if (line.Contains(what, StringComparison.Ordinal)) return;
        throw new InvalidOperationException("the events have ended");
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*? value=\"([^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
