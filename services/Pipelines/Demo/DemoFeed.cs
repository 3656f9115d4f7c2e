using System.Text;
using Conductor.Contracts.Alerts;
using Conductor.Contracts.Pipelines;
using Conductor.Domain.Streams.Alerts.Generation;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Records;
using Conductor.Pipelines.Runtime;
using Conductor.Postgres.Pipelines;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Conductor.Pipelines.Demo;

/// <summary>Registers and starts the demonstration pipeline, and feeds its topic for as long as the service runs.</summary>
internal sealed class DemoFeed(
    PipelineStore store, IStreamBroker broker, IBus bus, IOptions<DemoOptions> options, TimeProvider time, ILogger<DemoFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff(time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await PrepareAsync(stoppingToken);
                await FeedAsync(backoff, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                DemoLog.FeedFailed(logger, e);
                await backoff.PauseAsync(stoppingToken);
            }
        }
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await store.SaveAsync(DemoPipeline.Name, DemoPipeline.Yaml, overwrite: false, time.GetUtcNow(), cancellationToken);
        var pipeline = await store.FindAsync(DemoPipeline.Name, cancellationToken);
        // Whoever stopped it wants it to stay so.
        if (pipeline?.Status == PipelineStatus.Validated)
            await bus.Publish(new StartPipeline { PipelineId = PipelineIds.Of(DemoPipeline.Name), Name = DemoPipeline.Name }, cancellationToken);
        while (await broker.FindTopicAsync(DemoPipeline.Topic, cancellationToken) is null) await Task.Delay(Tick, time, cancellationToken);
    }

    private async Task FeedAsync(Backoff backoff, CancellationToken cancellationToken)
    {
        await using var producer = await broker.OpenProducerAsync(DemoPipeline.Topic, cancellationToken);
        using var alerts = (options.Value.Alerts is { Length: > 0 } folder ? Replay(folder) : Generate()).GetEnumerator();
        using var timer = new PeriodicTimer(Tick, time);
        var due = 0.0;
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            due += options.Value.PerSecond * Tick.TotalSeconds;
            for (; due >= 1 && alerts.MoveNext(); due--) await producer.ProduceAsync(new[] { alerts.Current }, cancellationToken);
            await producer.FlushAsync(cancellationToken);
            backoff.Reset();
        }
    }

    private IEnumerable<StreamRecord> Generate()
    {
        var started = time.GetUtcNow();
        var generator = new AlertGenerator(AlertSchemas.Ztf, started.ToUnixTimeMilliseconds());
        for (var number = 0L; ; number++)
        {
            var alert = generator.Generate(number, time.GetUtcNow());
            yield return new StreamRecord { Key = Encoding.UTF8.GetBytes(alert.ObjectId), Value = generator.Packet(alert) };
        }
    }

    private static IEnumerable<StreamRecord> Replay(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*.avro", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) throw new DirectoryNotFoundException($"there is no *.avro file in '{folder}'");
        while (true)
        {
            foreach (var file in files) yield return new StreamRecord { Key = Encoding.UTF8.GetBytes(Path.GetFileNameWithoutExtension(file)), Value = File.ReadAllBytes(file) };
        }
    }
}

internal static partial class DemoLog
{
    [LoggerMessage(1, LogLevel.Warning, "The demonstration's alerts cannot be produced now")]
    public static partial void FeedFailed(ILogger logger, Exception exception);
}
