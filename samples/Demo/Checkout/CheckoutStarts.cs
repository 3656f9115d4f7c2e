using Conductor.Worker;
using Conductor.Worker.Client;
using Microsoft.Extensions.Options;

namespace Conductor.Demo.Checkout;

/// <summary>Registers the checkout process and starts one every few seconds, the way every other caller does: over the REST API.</summary>
internal sealed class CheckoutStarts(ConductorClient conductor, Perseverance perseverance, IOptions<DemoOptions> options, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await perseverance.TryAsync("registering the checkout", () => RegisterAsync(stoppingToken), stoppingToken);
        for (var number = 0; ; number++)
        {
            var start = new StartRequest { Name = "checkout", CorrelationId = $"demo-{number}", Input = CheckoutOrders.Next(number) };
            await perseverance.TryAsync("starting a checkout", () => conductor.StartAsync(start, stoppingToken), stoppingToken);
            await Task.Delay(options.Value.Interval, time, stoppingToken);
        }
    }

    private async Task RegisterAsync(CancellationToken cancellationToken)
    {
        await conductor.RegisterTasksAsync(Definition.Read("Checkout.checkout-tasks.json"), cancellationToken);
        await conductor.RegisterWorkflowsAsync(Definition.Read("Checkout.checkout.json"), cancellationToken);
    }
}

internal static class CheckoutServices
{
    public static void AddCheckouts(this IServiceCollection services)
    {
        services.AddOptions<DemoOptions>().BindConfiguration("Demo");
        services.AddConductorClient();
        services.AddHostedService<CheckoutStarts>();
    }
}
