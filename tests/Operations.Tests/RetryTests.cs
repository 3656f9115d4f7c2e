using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Conductor.Engines;
using Conductor.ServiceDefaults.Messaging;
using Conductor.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Conductor.Operations.Tests;

/// <summary>A service whose consumer fails, and an operator who tries again what has failed.</summary>
[Integration]
public sealed class RetryTests(PostgresServer postgres, RabbitMqServer rabbitMq) : IAsyncLifetime
{
    private const int Count = 40;
    private readonly string _endpoint = "till-" + Guid.NewGuid().ToString("N");
    private readonly Till _till = new();
    private OperationsUnderTest _operations = null!;
    private IHost _shop = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration["ConnectionStrings:rabbitmq"] = rabbitMq.ConnectionString;
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(_till);
        builder.AddBus(bus => bus.AddConsumer<TillConsumer>().Endpoint(endpoint => endpoint.Name = _endpoint),
            options: options => (options.Retries, options.Redeliveries) = (0, []));
        _shop = builder.Build();
        await _shop.StartAsync(Cancel);
        _operations = await OperationsUnderTest.StartAsync(postgres, rabbitMq, _endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        await _operations.DisposeAsync();
        await _shop.StopAsync(CancellationToken.None);
        _shop.Dispose();
    }

    [Fact]
    public async Task What_failed_is_one_group_and_is_confirmed_when_its_consumer_has_consumed_it()
    {
        await FailAsync();
        var group = await _operations.GroupAsync(Count);
        ((string?)group["title"]).ShouldBe("System.InvalidOperationException at Conductor.Operations.Tests.RetryTests.TillConsumer.Consume");
        var page = (await _operations.Http.GetFromJsonAsync<JsonNode>($"/api/deadletters?group={group["id"]}&q=shut&limit=5", Cancel))!;
        ((int)page["total"]!, page["items"]!.AsArray().Count, (string?)page["items"]![0]!["endpoint"]).ShouldBe((Count, 5, _endpoint));

        _till.IsOpen = true;
        var id = await _operations.RetryAsync(new { group = (Guid)group["id"]!, first = 5, perSecond = 500, reason = "the till is open again" });
        var done = await _operations.BecomesAsync(id, "Done");
        ((int)done["progress"]!["confirmed"]!, (int)done["progress"]!["failedAgain"]!).ShouldBe((Count, 0));
        _till.Taken.Values.ShouldAllBe(times => times == 1);
        _till.Taken.Count.ShouldBe(Count);
        (await _operations.Http.GetFromJsonAsync<JsonArray>("/api/deadletters/groups", Cancel))!.ShouldBeEmpty();
        using var acknowledged = await _operations.Http.PostAsync($"/api/deadletters/retries/{id}/acknowledge", content: null, Cancel);
        acknowledged.IsSuccessStatusCode.ShouldBeTrue();
        (await _operations.Http.GetFromJsonAsync<JsonArray>("/api/deadletters/retries", Cancel))!.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_retry_whose_first_messages_fail_again_stops_by_itself_before_it_sends_the_rest()
    {
        await FailAsync();
        var group = await _operations.GroupAsync(Count);
        var id = await _operations.RetryAsync(new { group = (Guid)group["id"]!, first = 6, perSecond = 500 });
        var stopped = await _operations.BecomesAsync(id, "Stopped");
        ((int)stopped["progress"]!["dispatched"]!).ShouldBe(6);
        ((string)stopped["why"]!).ShouldContain("failed again");
        _till.Refused.ShouldBe(Count + 6);
        using var cancelled = await _operations.Http.PostAsync($"/api/deadletters/retries/{id}/cancel?reason=not%20yet", content: null, Cancel);
        ((int)cancelled.StatusCode).ShouldBe(202);
        await _operations.GroupAsync(Count);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_the_reason()
    {
        using var nothing = await _operations.Http.PostAsJsonAsync("/api/deadletters/retries", new { reason = "?" }, Cancel);
        ((int)nothing.StatusCode, await nothing.Content.ReadAsStringAsync(Cancel)).ShouldSatisfyAllConditions(
            answer => answer.Item1.ShouldBe(409), answer => answer.Item2.ShouldContain("there is no message to retry"));
        foreach (var path in new[] { "?state=lost", "?limit=0", "?after=behind", "/groups?by=luck" })
        {
            using var answer = await _operations.Http.GetAsync("/api/deadletters" + path, Cancel);
            ((int)answer.StatusCode).ShouldBe(400, path);
        }
        using var missing = await _operations.Http.GetAsync($"/api/deadletters/{Guid.NewGuid()}", Cancel);
        ((int)missing.StatusCode).ShouldBe(404);
    }

    private async Task FailAsync()
    {
        var bus = _shop.Services.GetRequiredService<IBus>();
        for (var i = 0; i < Count; i++) await bus.Publish(new Payment(i), Cancel);
        await Eventually.IsTrueAsync(() => _till.Refused == Count, "all have failed");
    }

    public sealed record Payment(int Number);

    /// <summary>What the consumers of the endpoint share.</summary>
    public sealed class Till
    {
        private int _refused;

        public bool IsOpen { get; set; }

        public ConcurrentDictionary<int, int> Taken { get; } = new();

        public int Refused => Volatile.Read(ref _refused);

        public void Refuse() => Interlocked.Increment(ref _refused);
    }

    public sealed class TillConsumer(Till till) : IConsumer<Payment>
    {
        public Task Consume(ConsumeContext<Payment> context)
        {
            if (!till.IsOpen)
            {
                till.Refuse();
                throw new InvalidOperationException("the till is shut");
            }
            till.Taken.AddOrUpdate(context.Message.Number, 1, (_, times) => times + 1);
            return Task.CompletedTask;
        }
    }
}
