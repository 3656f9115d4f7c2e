using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Conductor.ServiceDefaults.Changes;

/// <summary>Serves the <see cref="ChangeFeed"/> as Server-Sent Events (WHATWG HTML, section 9.2).</summary>
public static class ChangeFeedEndpoint
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Maps <paramref name="path"/>: <c>event: changed</c> with <c>{"topic":"workflows","version":17}</c> as data, a comment line every
    /// 15 s of silence; the stream ends when the service stops.
    /// </summary>
    public static IEndpointConventionBuilder MapChangeFeed(this IEndpointRouteBuilder endpoints, string path = "/events") =>
        endpoints.MapGet(path, StreamAsync).ExcludeFromDescription();

    private static async Task StreamAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await CopyAsync(services.GetRequiredService<ChangeFeed>(), context.Response, services.GetRequiredService<TimeProvider>(), end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The reader went away or the service stops: the end of every such stream.
        }
    }

    private static async Task CopyAsync(ChangeFeed feed, HttpResponse response, TimeProvider time, CancellationToken cancellationToken)
    {
        await SendAsync(response, ": connected\n\n", cancellationToken);
        var seen = new Dictionary<string, long>();
        while (true)
        {
            var (changes, next) = feed.Since(seen);
            foreach (var change in changes)
            {
                var data = JsonSerializer.Serialize(new { topic = change.Topic, version = change.Version });
                await SendAsync(response, $"event: changed\ndata: {data}\n\n", cancellationToken);
            }
            if (changes.Count > 0) await Task.Delay(ChangeFeed.Pause, time, cancellationToken);
            else if (!await WithinAsync(next, Heartbeat, time, cancellationToken)) await SendAsync(response, ": still here\n\n", cancellationToken);
        }
    }

    private static async Task<bool> WithinAsync(Task task, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        await task.WaitAsync(limit, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return task.IsCompleted;
    }

    private static async Task SendAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
