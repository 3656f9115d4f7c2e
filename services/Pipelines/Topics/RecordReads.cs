using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;

namespace Conductor.Pipelines.Topics;

/// <summary>Reads single records on behalf of people: what there is within a few seconds, and never waiting for what is still to come.</summary>
internal static class RecordReads
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // What a broker has comes at once. Offsets behind it may be a gap, behind which nothing comes.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    /// <summary>Reads from a position on.</summary>
    /// <param name="broker">Broker of the topic.</param>
    /// <param name="wanted">Which records, and how many at most.</param>
    /// <param name="select">Takes what is wanted of a record; its bytes are gone afterwards.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TakenRecords<T>> ReadAsync<T>(
        IStreamBroker broker, WantedRecords wanted, Func<StreamRecord, T> select, CancellationToken cancellationToken)
    {
        var taken = new TakenRecords<T>(wanted, select);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(Patience);
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(giveUp.Token);
        try
        {
            await foreach (var batch in broker.ReadAsync(wanted.Topic, wanted.Partition, wanted.From, quiet.Token))
            {
                using (batch)
                {
                    if (taken.Take(batch)) break;
                }
                quiet.CancelAfter(Quiet);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What has come by now is the answer.
        }
        return taken;
    }

    /// <summary>The value of one record, or null where the partition does not hold it.</summary>
    /// <exception cref="UnknownTopicException">There is no such topic.</exception>
    public static async Task<byte[]?> ValueAsync(IStreamBroker broker, string topic, int partition, long offset, CancellationToken cancellationToken)
    {
        var range = (await broker.AskAsync(stop => broker.RangesAsync(topic, stop), cancellationToken)).FirstOrDefault(r => r.Partition == partition);
        if (offset < range.First || offset >= range.Next) return null;
        var wanted = new WantedRecords(topic, partition, new StreamPosition.At(offset), offset + 1);
        return (await ReadAsync(broker, wanted, record => record.Value.ToArray(), cancellationToken)).Items.FirstOrDefault();
    }
}
