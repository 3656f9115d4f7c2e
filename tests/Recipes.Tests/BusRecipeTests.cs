using System.Text;
using System.Text.Json;
using Conductor.Engines;
using Npgsql;
using RabbitMQ.Client;

namespace Conductor.Recipes.Tests;

[Integration]
public sealed class BusRecipeTests(BuiltRecipes recipes, PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_service_answers_and_its_consumer_takes_the_message_off_the_bus()
    {
        var (broker, address) = (rabbitMq.ConnectionString, RunningProgram.FreeAddress());
        await recipes.BuiltAsync();
        await using var bus = await BrokerLink.OpenAsync(broker);
        var events = await bus.ListenAsync("ParcelSent");
        using var service = await StartAsync(recipes.Service, address, ("ConnectionStrings__rabbitmq", broker));
        var parcel = Guid.NewGuid();
        await bus.PublishAsync("SendParcel", new { parcelId = parcel });
        await service.UntilAsync(() => bus.HasAsync(events, parcel.ToString()), "the consumer has published the event");
    }

    [Fact]
    public async Task The_saga_handles_the_message_and_keeps_its_state_in_PostgreSQL()
    {
        var (broker, database, address) = (rabbitMq.ConnectionString, await postgres.CreateDatabaseAsync(), RunningProgram.FreeAddress());
        await recipes.BuiltAsync();
        await using var bus = await BrokerLink.OpenAsync(broker);
        using var service = await StartAsync(
            recipes.ServiceWithSaga, address, ("ConnectionStrings__rabbitmq", broker), ("ConnectionStrings__parcels", database));
        var parcel = Guid.NewGuid();
        await bus.PublishAsync("SendParcel", new { parcelId = parcel });
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("SELECT state FROM parcels.parcels WHERE id = $1");
        command.Parameters.Add(new() { Value = parcel });
        await service.UntilAsync(async () => (string?)await command.ExecuteScalarAsync(Stop) == "Travelling", "the saga's row says that the parcel travels");
    }

    private static async Task<RunningProgram> StartAsync(string program, string address, params (string Name, string Value)[] environment)
    {
        var service = RunningProgram.Start(program, [.. environment, ("ASPNETCORE_URLS", address)]);
        using var http = new HttpClient { BaseAddress = new(address) };
        await service.UntilAsync(() => WorkerRecipeTests.IsHealthyAsync(http), "the service is healthy");
        return service;
    }
}

/// <summary>The broker as seen by a program that knows MassTransit's envelope, and no type of the contracts.</summary>
internal sealed class BrokerLink(IConnection connection, IChannel channel) : IAsyncDisposable
{
    private const string Namespace = "Conductor.Contracts.Parcels";

    public static async Task<BrokerLink> OpenAsync(string address)
    {
        var connection = await new ConnectionFactory { Uri = new(address) }.CreateConnectionAsync(TestContext.Current.CancellationToken);
        return new(connection, await connection.CreateChannelAsync());
    }

    /// <summary>A queue that gets what is published of this type.</summary>
    public async Task<string> ListenAsync(string type)
    {
        await channel.ExchangeDeclareAsync($"{Namespace}:{type}", "fanout", durable: true);
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        await channel.QueueBindAsync(queue, $"{Namespace}:{type}", "");
        return queue;
    }

    public async Task PublishAsync(string type, object message)
    {
        var envelope = new { messageId = Guid.NewGuid(), messageType = new[] { $"urn:message:{Namespace}:{type}" }, message };
        var properties = new BasicProperties { ContentType = "application/vnd.masstransit+json" };
        await channel.BasicPublishAsync($"{Namespace}:{type}", "", mandatory: true, properties, JsonSerializer.SerializeToUtf8Bytes(envelope));
    }

    public async Task<bool> HasAsync(string queue, string text) =>
        await channel.BasicGetAsync(queue, autoAck: true) is { } got && Encoding.UTF8.GetString(got.Body.Span).Contains(text, StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
