using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.RabbitMqStreams;
using Microsoft.Extensions.Options;

namespace Conductor.Demo.Alerts;

/// <summary>Sees to the demonstration's pipeline, then feeds its topic.</summary>
internal sealed class AlertFeed(
    AlertPipeline pipeline, RabbitMqStreamProducers producers, Perseverance perseverance, IOptions<DemoOptions> options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private IStreamProducer? _producer;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await perseverance.TryAsync("starting the alerts' pipeline", () => pipeline.EnsureAsync(stoppingToken), stoppingToken);
        using var alerts = await perseverance.TryAsync("reading alerts", () => Task.FromResult(Records().GetEnumerator()), stoppingToken);
        using var timer = new PeriodicTimer(Tick, time);
        var due = 0.0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            due += options.Value.PerSecond * Tick.TotalSeconds;
            var records = new List<StreamRecord>();
            for (; due >= 1 && alerts.MoveNext(); due--) records.Add(alerts.Current);
            await perseverance.TryAsync("producing alerts", () => ProduceAsync(records.ToArray(), stoppingToken), stoppingToken);
        }
    }

    private IEnumerable<StreamRecord> Records() =>
        options.Value.Alerts is { Length: > 0 } folder ? AlertRecords.Replay(folder) : AlertRecords.Generate(time);

    // A producer that failed is of no more use.
    private async Task ProduceAsync(ReadOnlyMemory<StreamRecord> records, CancellationToken cancellationToken)
    {
        _producer ??= await producers.OpenAsync(AlertPipeline.Source, cancellationToken);
        try
        {
            await _producer.ProduceAsync(records, cancellationToken);
            await _producer.FlushAsync(cancellationToken);
        }
        catch
        {
            await _producer.DisposeAsync();
            _producer = null;
            throw;
        }
    }
}

internal static class AlertServices
{
    public static void AddAlerts(this IServiceCollection services)
    {
        services.AddOptions<DemoOptions>().BindConfiguration("Demo");
        services.AddHttpClient<AlertPipeline>(http => http.BaseAddress = new Uri("http://pipelines"));
        services.AddSingleton(provider =>
        {
            var address = provider.GetRequiredService<IConfiguration>().GetConnectionString("rabbitmq")
                ?? throw new InvalidOperationException("ConnectionStrings:rabbitmq is not set");
            return new RabbitMqStreamProducers(new() { Address = new Uri(address), ClientName = "demo" }, provider.GetRequiredService<TimeProvider>());
        });
        services.AddHostedService<AlertFeed>();
    }
}
