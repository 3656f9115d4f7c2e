using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Conductor.Workflows.Demo;

/// <summary>
/// Registers the checkout process and starts one every few seconds, over this service's own REST API: a demonstration goes the way of
/// every other caller. On with <c>Demo:Enabled</c>; <c>Demo:Interval</c> is the pause between two starts (default 3 s).
/// </summary>
internal sealed class CheckoutDemo(
    IServer server, IHostApplicationLifetime lifetime, IHttpClientFactory clients, IConfiguration configuration, TimeProvider time, ILogger<CheckoutDemo> logger)
    : BackgroundService
{
    private static readonly TimeSpan UntilNextTry = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await WaitForStartAsync(stoppingToken);
        using var api = clients.CreateClient();
        api.BaseAddress = new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First() + "/api/");
        await RepeatAsync(() => RegisterAsync(api, stoppingToken), stoppingToken);
        var interval = configuration.GetValue("Demo:Interval", TimeSpan.FromSeconds(3));
        for (var number = 0; ; number++)
        {
            var order = CheckoutOrders.Next(number);
            await RepeatAsync(() => StartAsync(api, number, order, stoppingToken), stoppingToken);
            await Task.Delay(interval, time, stoppingToken);
        }
    }

    private static async Task RegisterAsync(HttpClient api, CancellationToken cancellationToken)
    {
        await SendAsync(api, HttpMethod.Post, "metadata/taskdefs", Resource("checkout-tasks.json"), cancellationToken);
        await SendAsync(api, HttpMethod.Put, "metadata/workflow", Resource("checkout.json"), cancellationToken);
    }

    private static Task StartAsync(HttpClient api, int number, object order, CancellationToken cancellationToken) =>
        SendAsync(api, HttpMethod.Post, "workflow", JsonContent.Create(new { name = "checkout", correlationId = $"demo-{number}", input = order }), cancellationToken);

    private static async Task SendAsync(HttpClient api, HttpMethod method, string path, HttpContent body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using var response = await api.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    private static StreamContent Resource(string name)
    {
        var stream = typeof(CheckoutDemo).Assembly.GetManifestResourceStream($"{typeof(CheckoutDemo).Namespace}.{name}")
            ?? throw new InvalidOperationException($"{name} is not in the assembly");
        return new StreamContent(stream) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    private async Task WaitForStartAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
    }

    private async Task RepeatAsync(Func<Task> call, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("the demo waits: {Reason}", e.Message);
                await Task.Delay(UntilNextTry, time, stoppingToken);
            }
        }
    }
}

internal static class CheckoutDemoServices
{
    /// <summary>Adds <see cref="CheckoutDemo"/> where configuration <c>Demo:Enabled</c> is true.</summary>
    public static void AddCheckoutDemo(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration.GetValue("Demo:Enabled", defaultValue: false)) builder.Services.AddHostedService<CheckoutDemo>();
    }
}
