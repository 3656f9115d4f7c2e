using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Conductor.Hosting.Logs;
using Conductor.Hosting.Resolution;
using Conductor.Hosting.Supervision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Hosting.Api;

/// <summary>Shows the resources, and starts and stops them, for whoever has the key.</summary>
internal static class ResourceApi
{
    public const string UrlKey = "Resources:Url";
    public const string KeyHeader = "x-resource-api-key";
    private const string ApiKeyKey = "Parameters:resources-api-key";
    private static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(250);

    /// <summary>Chooses the address and the key, which the AppHost passes to the console.</summary>
    public static void Configure(ConfigurationManager configuration, int port)
    {
        configuration[UrlKey] ??= $"http://{EndpointAllocator.Loopback}:{port}";
        configuration[ApiKeyKey] ??= Convert.ToHexString(RandomNumberGenerator.GetBytes(24));
    }

    public static void MapResourceApi(this WebApplication app)
    {
        var key = Encoding.UTF8.GetBytes(app.Configuration[ApiKeyKey]!);
        var api = app.MapGroup("").AddEndpointFilter(async (context, next) =>
            CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(context.HttpContext.Request.Headers[KeyHeader].ToString()), key)
                ? await next(context)
                : TypedResults.Problem("The header x-resource-api-key is missing or wrong", statusCode: StatusCodes.Status401Unauthorized));
        api.MapGet("/api/resources", (ResourceViews views) => views.All());
        api.MapGet("/api/resources/{name}/logs", Logs);
        api.MapPost("/api/resources/{name}/{command}", CommandAsync);
        api.MapGet("/events", (ResourceBoard board, TimeProvider time, CancellationToken cancellationToken) =>
            TypedResults.ServerSentEvents(ChangesAsync(board, time, cancellationToken)));
    }

    private static Results<Ok<IEnumerable<LogLineView>>, ProblemHttpResult> Logs(string name, Orchestrator orchestrator, LogStore logs, int tail = 200) =>
        orchestrator[name] is null ? Unknown(name)
        : tail is < 1 or > 2000 ? TypedResults.Problem("tail must be 1 to 2000", statusCode: StatusCodes.Status400BadRequest)
        : TypedResults.Ok(logs[name].Tail(tail).Select(l => new LogLineView(l.At, l.Stream.ToString().ToLowerInvariant(), l.Line)));

    private static async Task<Results<Accepted, ProblemHttpResult>> CommandAsync(string name, string command, Orchestrator orchestrator)
    {
        if (orchestrator[name] is not { } resource) return Unknown(name);
        switch (command)
        {
            case "start":
                await resource.StartAsync();
                return TypedResults.Accepted("/api/resources");
            case "stop":
                _ = resource.StopAsync();
                return TypedResults.Accepted("/api/resources");
            case "restart":
                _ = resource.RestartAsync();
                return TypedResults.Accepted("/api/resources");
            default:
                return TypedResults.Problem($"There is no command '{command}': use start, stop or restart", statusCode: StatusCodes.Status404NotFound);
        }
    }

    private static ProblemHttpResult Unknown(string name) => TypedResults.Problem($"There is no resource '{name}'", statusCode: StatusCodes.Status404NotFound);

    private static async IAsyncEnumerable<SseItem<ChangeView>> ChangesAsync(ResourceBoard board, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = board.Changed();
            yield return new SseItem<ChangeView>(new("resources", board.Version), "changed");
            await changed.WaitAsync(cancellationToken);
            await Task.Delay(Coalesce, time, cancellationToken);
        }
    }
}
