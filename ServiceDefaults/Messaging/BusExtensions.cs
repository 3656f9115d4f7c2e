using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conductor.ServiceDefaults.Messaging;

/// <summary>The bus as every service of the platform has it.</summary>
public static class BusExtensions
{
    // Beyond what is stored (2,000 levels), with the envelope around it.
    private const int DeepestMessage = 2_100;

    /// <summary>
    /// Adds MassTransit over the RabbitMQ of <c>ConnectionStrings:rabbitmq</c>: kebab-case endpoint names, quorum queues, a few retries
    /// at once, then redelivery after growing delays, then the error queue. The service starts once the bus has, and stops it gracefully;
    /// <c>/health</c> has its state.
    /// </summary>
    /// <remarks>
    /// Send to <c>exchange:NAME</c>, where NAME is the receiver's queue. A <c>queue:NAME</c> address would declare the queue without the
    /// receiver's arguments, which the broker refuses for a quorum queue. A send that reaches no queue throws; a publish need not reach one.
    /// </remarks>
    /// <param name="builder">The service.</param>
    /// <param name="register">Registers consumers and sagas; their endpoints are configured by convention.</param>
    /// <param name="configure">Configures the bus itself, before the endpoints.</param>
    /// <param name="options">Changes what the conventions leave open.</param>
    public static IHostApplicationBuilder AddBus(
        this IHostApplicationBuilder builder,
        Action<IBusRegistrationConfigurator>? register = null,
        Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator>? configure = null,
        Action<BusOptions>? options = null)
    {
        var chosen = new BusOptions();
        options?.Invoke(chosen);
        builder.Services.Configure<MassTransitHostOptions>(host =>
        {
            host.WaitUntilStarted = true;
            host.StartTimeout = TimeSpan.FromMinutes(2);
            host.ConsumerStopTimeout = TimeSpan.FromSeconds(20);
            host.StopTimeout = TimeSpan.FromSeconds(25);
        });
        builder.AddRabbitMqHealth();
        builder.Services.AddHostedService(services => new BrokerWait(
            Address(builder.Configuration), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<BrokerWait>>()));
        builder.Services.AddSingleton<BusWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BusWatch>());
        builder.Services.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();
            x.AddReceiveEndpointObserver(services => services.GetRequiredService<BusWatch>());
            x.AddConsumeObserver<RetryReports>();
            x.SetKebabCaseEndpointNameFormatter();
            x.AddConfigureEndpointsCallback((_, name, endpoint) => EndpointConventions.Apply(endpoint, name, chosen));
            register?.Invoke(x);
            x.UsingRabbitMq((context, bus) =>
            {
                bus.Host(Address(builder.Configuration), builder.Environment.ApplicationName, host => Watch(host, context.GetRequiredService<BusWatch>()));
                // Nobody reads messages on the wire; MassTransit would indent them. Payloads of workflows nest deeper than the default of 64.
                bus.ConfigureJsonSerializerOptions(json => new JsonSerializerOptions(json) { WriteIndented = false, MaxDepth = DeepestMessage });
                if (chosen.Scheduler is null) bus.UseBrokerDelays();
                else chosen.Scheduler(context, bus);
                bus.ConfigureSend(send => send.UseExecute(RefuseToLose));
                configure?.Invoke(context, bus);
                bus.ConfigureEndpoints(context);
            });
        });
        return builder;
    }

    private static void Watch(IRabbitMqHostConfigurator host, BusWatch watch) => host.OnRefreshConnectionFactory = _ =>
    {
        watch.Connecting();
        return Task.CompletedTask;
    };

    private static void RefuseToLose(SendContext context)
    {
        if (context.TryGetPayload<RabbitMqSendContext>(out var message)) message.Mandatory = true;
    }

    private static Uri Address(IConfiguration configuration)
    {
        var text = configuration.GetConnectionString("rabbitmq");
        if (string.IsNullOrEmpty(text)) throw new InvalidOperationException("ConnectionStrings:rabbitmq is not configured; the bus needs an amqp:// address");
        // The address holds a password: neither it nor a part of it may reach the message.
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps"
            ? address
            : throw new InvalidOperationException("ConnectionStrings:rabbitmq is not an amqp:// or amqps:// address");
    }
}
