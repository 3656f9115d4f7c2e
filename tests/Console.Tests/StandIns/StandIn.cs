using System.Collections.Concurrent;
using Conductor.ServiceDefaults.Changes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Conductor.Console.Tests.StandIns;

/// <summary>A service in this process that answers in the recorded shapes, notes what it was asked, and can be taken down.</summary>
internal sealed class StandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _topic;
    private int _readers;

    private StandIn(WebApplication app, string topic) => (_app, _topic) = (app, topic);

    public string Url => _app.Urls.Single();

    /// <summary>Requests as <c>POST /path?query</c>, change feeds left out.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>While set, every request is answered 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>While set, <c>/health</c> is answered 503 with this as the cause.</summary>
    public string? Ailment { get; set; }

    /// <summary>While set, <c>/health</c> is not answered at all.</summary>
    public bool IsSilent { get; set; }

    /// <summary>While set, nothing but <c>/health</c> and the change feed is answered.</summary>
    public bool IsStuck { get; set; }

    /// <summary>How many change feeds are being read.</summary>
    public int Readers => Volatile.Read(ref _readers);

    public static async Task<StandIn> StartAsync(string topic, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<ChangeFeed>();
        var app = builder.Build();
        var standIn = new StandIn(app, topic);
        app.Use(standIn.Watch);
        app.UseRouting();
        map(app);
        app.MapGet("/health", standIn.HealthAsync);
        app.MapChangeFeed();
        await app.StartAsync();
        return standIn;
    }

    public void Changed() => _app.Services.GetRequiredService<ChangeFeed>().Changed(_topic);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> HealthAsync(CancellationToken ct)
    {
        if (IsSilent)
            await Task.Delay(Timeout.InfiniteTimeSpan, ct).ContinueWith(_ => { }, TaskScheduler.Default);
        var status = Ailment is null ? "Healthy" : "Unhealthy";
        object[] checks = [new { name = "self", status = "Healthy", description = (string?)null }, new { name = "postgres", status, description = Ailment }];
        return Results.Json(new { status, checks }, statusCode: Ailment is null ? 200 : 503);
    }

    private async Task Watch(HttpContext context, RequestDelegate next)
    {
        if (IsDown)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        if (context.Request.Path != "/events")
        {
            if (IsStuck && context.Request.Path != "/health")
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{Uri.UnescapeDataString(context.Request.QueryString.Value ?? "")}");
            await next(context);
            return;
        }
        Interlocked.Increment(ref _readers);
        await next(context);
        Interlocked.Decrement(ref _readers);
    }
}
