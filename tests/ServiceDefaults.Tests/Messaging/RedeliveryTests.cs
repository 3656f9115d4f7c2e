using System.Collections.Concurrent;
using System.Diagnostics;
using Conductor.Engines;
using Conductor.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;

namespace Conductor.ServiceDefaults.Tests.Messaging;

[Integration]
public sealed class RedeliveryTests(RabbitMqServer rabbitMq)
{
    private static readonly Dictionary<string, object?> Quorum = new() { ["x-queue-type"] = "quorum" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_fails_is_repeated_at_once_then_put_off_then_set_aside_in_the_error_queue()
    {
        await using var service = await StartAsync(2, [TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(600)]);
        var deliveries = service.App.Services.GetRequiredService<Deliveries>();
        await SendAsync(service, new ReserveLamp { Fails = int.MaxValue });

        await using var channel = await ChannelAsync();
        var dead = await Eventually.GetAsync(() => GetAsync(channel, "reserve-lamp_error"), "the message in the error queue");

        var attempts = deliveries.All.ToArray();
        attempts.Length.ShouldBe(9);
        (attempts[3].At - attempts[2].At).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(300));
        (attempts[6].At - attempts[5].At).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(600));
        attempts.Select(a => a.Redelivery).ShouldBe([0, 0, 0, 1, 1, 1, 2, 2, 2]);
        Text(dead.BasicProperties.Headers!["MT-Fault-Message"]).ShouldBe("no lamp");
        (await channel.QueueDeclarePassiveAsync("reserve-lamp_delay_300", Stop)).MessageCount.ShouldBe(0u);
    }

    [Fact]
    public async Task A_message_that_succeeds_when_it_is_redelivered_leaves_nothing_behind()
    {
        await using var service = await StartAsync(0, [TimeSpan.FromMilliseconds(200)]);
        var deliveries = service.App.Services.GetRequiredService<Deliveries>();
        await SendAsync(service, new ReserveLamp { Fails = 1 });
        await Eventually.IsTrueAsync(() => deliveries.All.Count == 2, "the second delivery");
        await using var channel = await ChannelAsync();
        await Eventually.GetAsync(async () => await channel.MessageCountAsync("reserve-lamp", Stop) == 0 ? "empty" : null, "an empty queue");
        (await GetAsync(channel, "reserve-lamp_error")).ShouldBeNull();
    }

    [Fact]
    public async Task What_no_repeat_will_cure_goes_to_the_error_queue_at_once()
    {
        await using var service = await StartAsync(3, [TimeSpan.FromMinutes(10)]);
        var deliveries = service.App.Services.GetRequiredService<Deliveries>();
        await SendAsync(service, new ReserveLamp { Fails = int.MaxValue, IsHopeless = true });
        await using var channel = await ChannelAsync();
        var dead = await Eventually.GetAsync(() => GetAsync(channel, "reserve-lamp_error"), "the message in the error queue");
        Text(dead.BasicProperties.Headers!["MT-Fault-Message"]).ShouldBe("a lamp of no shape");
        deliveries.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Queues_are_quorum_queues_named_in_kebab_case_and_health_knows_the_bus()
    {
        await using var service = await StartAsync(0, []);
        await using var channel = await ChannelAsync();
        // Declared again with the same arguments the queue is accepted, with others it is refused.
        await channel.QueueDeclareAsync("reserve-lamp", durable: true, exclusive: false, autoDelete: false,
            Quorum, cancellationToken: Stop);
        var report = await service.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Stop);
        report.Entries.Keys.ShouldContain("masstransit-bus");
        report.Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task What_is_sent_to_a_queue_that_nobody_has_is_refused_not_lost()
    {
        await using var service = await StartAsync(0, []);
        var endpoint = await service.App.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri("exchange:nobody-here"));
        await Should.ThrowAsync<MessageReturnedException>(() => endpoint.Send(new ReserveLamp(), Stop));
    }

    [Fact]
    public async Task What_is_published_needs_no_subscriber()
    {
        await using var service = await StartAsync(0, []);
        await service.App.Services.GetRequiredService<IBus>().Publish(new LampReserved(), Stop);
        (await service.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Stop)).Status.ShouldBe(HealthStatus.Healthy);
    }

    private async Task<TestService> StartAsync(int retries, TimeSpan[] redeliveries)
    {
        await using (var channel = await ChannelAsync())
        {
            foreach (var queue in new[] { "reserve-lamp", "reserve-lamp_error" }) await channel.QueueDeleteAsync(queue, cancellationToken: Stop);
        }
        return await TestService.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<Deliveries>();
                builder.AddBus(x => x.AddConsumer<ReserveLampConsumer>(), options: options =>
                {
                    options.Retries = retries;
                    options.RetryInterval = TimeSpan.FromMilliseconds(10);
                    options.Redeliveries = redeliveries;
                });
            },
            configuration: new() { ["ConnectionStrings:rabbitmq"] = rabbitMq.ConnectionString });
    }

    private static async Task SendAsync(TestService service, ReserveLamp command)
    {
        var endpoint = await service.App.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri("exchange:reserve-lamp"));
        await endpoint.Send(command, Stop);
    }

    private async Task<IChannel> ChannelAsync()
    {
        var connection = await new ConnectionFactory { Uri = new Uri(rabbitMq.ConnectionString) }.CreateConnectionAsync(Stop);
        return await connection.CreateChannelAsync(cancellationToken: Stop);
    }

    private static async Task<BasicGetResult?> GetAsync(IChannel channel, string queue)
    {
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, Quorum, cancellationToken: Stop);
        return await channel.BasicGetAsync(queue, autoAck: true, Stop);
    }

    private static string Text(object? header) => header is byte[] bytes ? System.Text.Encoding.UTF8.GetString(bytes) : $"{header}";
}

public sealed record ReserveLamp
{
    public int Fails { get; init; }
    public bool IsHopeless { get; init; }
}

public sealed record LampReserved;

public sealed class Deliveries
{
    public ConcurrentQueue<(TimeSpan At, int Redelivery)> All { get; } = new();
    public Stopwatch Clock { get; } = Stopwatch.StartNew();
}

public sealed class ReserveLampConsumer(Deliveries deliveries) : IConsumer<ReserveLamp>
{
    public Task Consume(ConsumeContext<ReserveLamp> context)
    {
        deliveries.All.Enqueue((deliveries.Clock.Elapsed, context.GetRedeliveryCount()));
        if (deliveries.All.Count > context.Message.Fails) return Task.CompletedTask;
        throw context.Message.IsHopeless ? new ArgumentException("a lamp of no shape") : new InvalidOperationException("no lamp");
    }
}
