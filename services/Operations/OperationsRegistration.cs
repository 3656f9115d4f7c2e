using System.Text.Json.Serialization;
using Conductor.Operations.Collecting;
using Conductor.Operations.Retrying;
using Conductor.Postgres;
using Conductor.Postgres.Recoverability;
using Conductor.Postgres.Supervision;
using Conductor.ServiceDefaults.Messaging;
using MassTransit;

namespace Conductor.Operations;

/// <summary>Puts the service together.</summary>
internal static class OperationsRegistration
{
    private const string Database = "operations";

    public static void AddOperations(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<OperationsOptions>().BindConfiguration("Operations");
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));
        services.AddFailureTables(Database);
        builder.AddPostgresHealth(Database);
        services.AddSingleton<BrokerConnections>();
        services.AddSingleton<RetrySignal>();
        services.AddSingleton<DeadLetterIntake>();
        services.AddBackgroundLoops();
        services.AddHostedService<DeadLetterCollector>();
        services.AddHostedService<RetryDispatcher>();
        builder.AddBus(bus => bus.AddConsumer<ConfirmRetryConsumer>(), options: options => options.IsOutage = DatabaseOutage.Is);
    }
}
