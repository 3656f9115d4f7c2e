using System.Diagnostics.Metrics;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>Instruments of meter <c>Conductor.Sagas</c>, tagged with the saga's name.</summary>
internal sealed class CommitMetrics(string saga)
{
    private static readonly Meter Meter = new("Conductor.Sagas");
    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>("conductor.sagas.batch.size", "{message}", "Messages of a committed batch");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "conductor.sagas.commit.duration", "s", "Time to write and commit a batch");
    private static readonly Counter<long> Messages = Meter.CreateCounter<long>("conductor.sagas.messages", "{message}", "Messages committed");
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "conductor.sagas.retries", "{message}", "Messages that ran alone after their batch could not be committed");

    private readonly KeyValuePair<string, object?> _tag = new("saga", saga);

    public void Committed(int messages, TimeSpan duration)
    {
        BatchSize.Record(messages, _tag);
        Duration.Record(duration.TotalSeconds, _tag);
        Messages.Add(messages, _tag);
    }

    public void RetriedAlone() => Retries.Add(1, _tag);
}
