using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Conductor.Console.Clients.Pipelines;
using Conductor.Console.Clients.Workflows;
using Conductor.Console.Health;

namespace Conductor.Console.Live;

/// <summary>Hands the change feeds of the services on to browsers, as Server-Sent Events of the console's own <c>/events</c>.</summary>
internal static class ChangeRelay
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static void AddChangeRelay(this WebApplicationBuilder builder)
    {
        foreach (var name in new[] { WorkflowsClient.Service, PipelinesClient.Service })
        {
            builder.Services.AddHttpClient($"events-{name}", http => (http.BaseAddress, http.Timeout) = (new($"http://{name}"), Timeout.InfiniteTimeSpan));
            builder.Services.AddKeyedSingleton(name, (services, _) =>
                Source(services, name, ct =>
                    ServiceFeed.ReadAsync(services.GetRequiredService<IHttpClientFactory>().CreateClient($"events-{name}"), name, ct)));
        }
        builder.Services.AddSingleton(services => new SharedReads(services.GetRequiredKeyedService<ChangeSource>(WorkflowsClient.Service)));
        builder.Services.AddKeyedSingleton(
            HealthWatch.Topic, (services, _) => Source(services, HealthWatch.Topic, services.GetRequiredService<HealthWatch>().ChangesAsync));
    }

    public static void MapChangeRelay(this IEndpointRouteBuilder app) =>
        app.MapGet("/events", (string[] from, HttpContext context, IHostApplicationLifetime host, TimeProvider time) =>
    {
        var sources = from.Distinct(StringComparer.Ordinal).Select(name => context.RequestServices.GetKeyedService<ChangeSource>(name)).OfType<ChangeSource>()
            .ToArray();
        // A page that is open must not hold up the end of the process.
        var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
        context.Response.RegisterForDispose(end);
        return TypedResults.ServerSentEvents(Listen(sources, time, end.Token));
    });

    private static ChangeSource Source(IServiceProvider services, string name, Func<CancellationToken, IAsyncEnumerable<string>> feed) => new(
        name,
        feed,
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<ChangeSource>>());

    private static async IAsyncEnumerable<SseItem<string>> Listen(ChangeSource[] sources, TimeProvider time, [EnumeratorCancellation] CancellationToken ct)
    {
        // Every item only says "look again", so a browser that is slow needs the newest few.
        var changes = Channel.CreateBounded<string>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });
        foreach (var source in sources)
            source.Add(changes.Writer);
        try
        {
            yield return new("", "hello");
            while (!ct.IsCancellationRequested)
            {
                if (await NextAsync(changes.Reader, time, ct) is not { } item)
                    yield break;
                yield return item;
            }
        }
        finally
        {
            foreach (var source in sources)
                source.Remove(changes.Writer);
        }
    }

    /// <summary>The next change, or a sign of life (which is how a browser that went away is noticed), or null at the end.</summary>
    private static async Task<SseItem<string>?> NextAsync(ChannelReader<string> changes, TimeProvider time, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Heartbeat, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            return new(await changes.ReadAsync(both.Token), "changed");
        }
        catch (OperationCanceledException)
        {
            return ct.IsCancellationRequested ? null : new("", "alive");
        }
    }
}
