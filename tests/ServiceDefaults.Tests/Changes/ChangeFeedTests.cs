using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Conductor.ServiceDefaults.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.ServiceDefaults.Tests.Changes;

public sealed class ChangeFeedTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_storm_of_changes_reaches_a_reader_at_most_four_times_a_second_with_the_last_version()
    {
        var feed = new ChangeFeed(TimeProvider.System);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var seen = new List<Change>();
        var clock = Stopwatch.StartNew();
        var storm = Task.Run(() =>
        {
            while (clock.ElapsedMilliseconds < 1000) feed.Changed("workflows");
            feed.Changed("end");
        }, Stop);
        await foreach (var change in feed.ReadAsync(end.Token))
        {
            seen.Add(change);
            if (change.Topic == "end") break;
        }
        await storm;
        seen.Count(change => change.Topic == "workflows").ShouldBeInRange(2, 6);
        seen.Select(change => change.Version).Where((v, i) => i > 0 && seen[i].Topic == seen[i - 1].Topic && v <= seen[i - 1].Version).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_stream_tells_what_changed_and_ends_when_the_service_stops()
    {
        await using var service = await TestService.StartAsync(map: app => app.MapChangeFeed("/events"));
        var feed = service.App.Services.GetRequiredService<ChangeFeed>();
        using var response = await service.Client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Stop);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        await using var stream = await response.Content.ReadAsStreamAsync(Stop);
        await using var events = SseParser.Create(stream).EnumerateAsync(Stop).GetAsyncEnumerator(Stop);

        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.EventType.ShouldBe("heartbeat");
        feed.Changed("workflows");
        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.EventType.ShouldBe("changed");
        var first = JsonDocument.Parse(events.Current.Data).RootElement;
        first.GetProperty("topic").GetString().ShouldBe("workflows");
        feed.Changed("workflows");
        (await events.MoveNextAsync()).ShouldBeTrue();
        JsonDocument.Parse(events.Current.Data).RootElement.GetProperty("version").GetInt64().ShouldBe(first.GetProperty("version").GetInt64() + 1);

        var clock = Stopwatch.StartNew();
        var stopping = service.App.StopAsync(Stop);
        (await events.MoveNextAsync()).ShouldBeFalse();
        await stopping;
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Silence_is_broken_by_a_heartbeat_every_15_s()
    {
        var time = new FakeTimeProvider();
        await using var service = await TestService.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(time), app => app.MapChangeFeed());
        await using var stream = await service.Client.GetStreamAsync("/events", Stop);
        await using var events = SseParser.Create(stream).EnumerateAsync(Stop).GetAsyncEnumerator(Stop);
        (await events.MoveNextAsync()).ShouldBeTrue();
        var next = events.MoveNextAsync().AsTask();
        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(15));
                return next.IsCompleted;
            },
            "a heartbeat");
        events.Current.EventType.ShouldBe("heartbeat");
        events.Current.Data.ShouldBe("");
    }

    [Fact]
    public async Task A_reader_that_comes_late_learns_of_the_topics_so_far()
    {
        var feed = new ChangeFeed(TimeProvider.System);
        feed.Changed("workflows");
        feed.Changed("pipelines");
        var topics = new List<string>();
        await foreach (var change in feed.ReadAsync(Stop))
        {
            topics.Add(change.Topic);
            if (topics.Count == 2) break;
        }
        topics.ShouldBe(["workflows", "pipelines"], ignoreOrder: true);
    }
}
