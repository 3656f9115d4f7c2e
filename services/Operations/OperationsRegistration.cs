using System.Text.Json.Serialization;
using Conductor.Operations.Api;
using Conductor.Operations.Collecting;
using Conductor.Operations.Retrying;
using Conductor.Postgres;
using Conductor.Postgres.Recoverability;
using Conductor.Postgres.Supervision;
using Conductor.ServiceDefaults.Changes;
using Conductor.ServiceDefaults.Messaging;
using MassTransit;

namespace Conductor.Operations;

/// <summary>Puts the service together.</summary>
internal static class OperationsRegistration
{
    private const string Database = "operations";

    /// <summary>Maps all of its endpoints.</summary>
    public static void MapOperations(this WebApplication app)
    {
        app.MapDefaultEndpoints();
        app.MapChangeFeed();
        app.MapFailures();
        app.MapRetries();
    }

    public static void AddOperations(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<OperationsOptions>().BindConfiguration("Operations");
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));
        services.AddFailureTables(Database);
        builder.AddPostgresHealth(Database);
        services.AddSingleton<BrokerConnections>();
        // Wakes what sends messages again: a retry was asked for, or it became known what came of one.
        services.AddSingleton<Signal>();
        services.AddSingleton<DeadLetterIntake>();
        services.AddBackgroundLoops();
        services.AddHostedService<DeadLetterCollector>();
        services.AddHostedService<RetryDispatcher>();
        builder.AddBus(bus => bus.AddConsumer<ConfirmRetryConsumer>(), options: options => options.IsOutage = DatabaseOutage.Is);
    }
}
