using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Conductor.ServiceDefaults.Changes;

/// <summary>Serves the <see cref="ChangeFeed"/> as Server-Sent Events (WHATWG HTML, section 9.2).</summary>
public static class ChangeFeedEndpoint
{
    private const string Heartbeat = "heartbeat";
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Maps <paramref name="path"/>: <c>event: changed</c> with <c>{"topic":"workflows","version":17}</c> as data, an
    /// <c>event: heartbeat</c> at the start and after every 15 s of silence; the stream ends when the service stops.
    /// </summary>
    public static IEndpointConventionBuilder MapChangeFeed(this IEndpointRouteBuilder endpoints, string path = "/events") =>
        endpoints.MapGet(path, Stream).ExcludeFromDescription();

    private static ServerSentEventsResult<string> Stream(HttpContext context, ChangeFeed feed, TimeProvider time, IHostApplicationLifetime service)
    {
        // Proxies must not collect the events.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(EventsAsync(feed, time, service.ApplicationStopping, context.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        ChangeFeed feed, TimeProvider time, CancellationToken stopping, [EnumeratorCancellation] CancellationToken aborted)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        var seen = new Dictionary<string, long>();
        yield return new SseItem<string>("", Heartbeat);
        while (!end.IsCancellationRequested)
        {
            var (changes, next) = feed.Since(seen);
            foreach (var change in changes) yield return Changed(change);
            var wait = changes.Count > 0 ? Task.Delay(ChangeFeed.Pause, time, end.Token) : next.WaitAsync(Silence, time, end.Token);
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (changes.Count == 0 && !next.IsCompleted && !end.IsCancellationRequested) yield return new SseItem<string>("", Heartbeat);
        }
    }

    private static SseItem<string> Changed(Change change) => new(JsonSerializer.Serialize(new { topic = change.Topic, version = change.Version }), "changed");
}
