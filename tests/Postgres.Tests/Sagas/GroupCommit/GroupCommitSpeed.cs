using System.Diagnostics;
using System.Diagnostics.Metrics;
using Conductor.Engines;

namespace Conductor.Postgres.Tests.Sagas.GroupCommit;

/// <summary>Figures rather than proof, so it runs only when asked for. The server really flushes its log.</summary>
[Integration]
public sealed class GroupCommitSpeed(ITestOutputHelper output)
{
    [Theory(Explicit = true)]
    [InlineData(Repository.GroupCommit, 64, 30_000)]
    [InlineData(Repository.GroupCommit, 1, 1_000)]
    [InlineData(Repository.EntityFramework, 32, 3_000)]
    public async Task Messages_per_second(Repository repository, int senders, int messages)
    {
        var folder = Path.Combine(Path.GetTempPath(), "conductor-tests", Guid.NewGuid().ToString("N"));
        try
        {
            await using var engine = await PostgresEngine.StartAsync(
                Path.Combine(folder, "postgres"), cancellationToken: TestContext.Current.CancellationToken);
            await MeasureAsync($"{engine.ConnectionString};Database=postgres;Max Auto Prepare=50", repository, senders, messages);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task MeasureAsync(string connectionString, Repository repository, int senders, int messages)
    {
        await using var service = await TallyService.StartAsync(new TallySetup(connectionString, repository) { Deliver = true });
        var ids = Enumerable.Range(0, 1000).Select(_ => Guid.NewGuid()).ToArray();
        await SendAsync(service, ids, senders, messages / 5);
        var batches = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) => { if (instrument.Name == "conductor.sagas.batch.size") l.EnableMeasurementEvents(instrument); };
        listener.SetMeasurementEventCallback<int>((_, _, _, _) => Interlocked.Increment(ref batches));
        listener.Start();
        var allocated = GC.GetTotalAllocatedBytes();
        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        await SendAsync(service, ids, senders, messages);
        var seconds = watch.Elapsed.TotalSeconds;
        output.WriteLine(
            $"{repository}, {senders} senders: {messages / seconds:n0} messages/s, {(batches == 0 ? 0 : (double)messages / batches):n1} per batch, "
            + $"{(GC.GetTotalAllocatedBytes() - allocated) / messages:n0} bytes and "
            + $"{(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / messages:n0} µs CPU each");
    }

    private static Task SendAsync(TallyService service, Guid[] ids, int senders, int messages) =>
        Parallel.ForEachAsync(Enumerable.Range(0, messages), new ParallelOptions { MaxDegreeOfParallelism = senders },
            async (i, _) => await service.SendAsync(new Count { TallyId = ids[i % ids.Length] }));
}
