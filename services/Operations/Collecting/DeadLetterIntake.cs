using Conductor.Domain.Recoverability.Failures;
using Conductor.Postgres.Recoverability;
using Conductor.Postgres.Supervision;
using Conductor.RabbitMqQueues;
using Conductor.ServiceDefaults.Changes;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Conductor.Operations.Collecting;

/// <summary>Takes dead letters in: they leave their queue once they are committed.</summary>
internal sealed class DeadLetterIntake(FailureStore store, ChangeFeed changes, Signal retries, TimeProvider time)
{
    /// <summary>Topic of the change feed.</summary>
    public const string Topic = "failures";

    private const int PerCommit = 200;
    private const ushort Ahead = 400;
    private const int NotFound = 404;

    /// <summary>Begins to read a queue; null where there is none of that name yet.</summary>
    public async Task<QueueConsumer?> TryOpenAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        try
        {
            return await QueueConsumer.OpenAsync(connection, queue, Ahead, cancellationToken);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == NotFound)
        {
            return null;
        }
    }

    /// <summary>Takes in what comes until cancelled; disposes the consumer.</summary>
    public async Task TakeInAsync(QueueConsumer consumer, CancellationToken cancellationToken)
    {
        await using (consumer)
        {
            while (true)
            {
                var (letters, tag) = await consumer.ReadAsync(PerCommit, cancellationToken);
                var now = time.GetUtcNow();
                await store.StoreAsync([.. letters.Select(letter => FailureReading.Read(letter, now))], now, cancellationToken);
                await consumer.AcknowledgeAsync(tag, cancellationToken);
                changes.Changed(Topic);
                retries.Raise();
            }
        }
    }
}
