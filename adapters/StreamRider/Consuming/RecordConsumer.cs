using MassTransit.Context;
using MassTransit.Middleware.Rescue;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Conductor.StreamRider.Consuming;

/// <summary>
/// Sends a record through the pipeline of an endpoint until it is done: consumed, or in the topic of errors or of skipped records. What the pipeline
/// lets through (a cancellation that nobody asked for, an error topic that refuses) is tried again, and never counts as done.
/// </summary>
/// <param name="dispatcher">The pipeline.</param>
/// <param name="contextOf">A context for a record, and whether it has been through the pipeline before.</param>
/// <param name="deadLetters">Takes what the pipeline has let through time and again.</param>
/// <param name="health">Told when the dead letters do not take it either.</param>
/// <param name="logger">Told of every failure.</param>
internal sealed partial class RecordConsumer(
    IReceivePipeDispatcher dispatcher, Func<ConsumedRecord, bool, BaseReceiveContext> contextOf, DeadLetterTransport deadLetters, EndpointHealth health,
    ILogger<RecordConsumer> logger)
{
    private const int Attempts = 5;

    /// <summary>Returns when the record is done.</summary>
    /// <exception cref="OperationCanceledException">It was given up, and is not done.</exception>
    public async Task ConsumeAsync(ConsumedRecord record, CancellationToken cancellationToken)
    {
        var pause = new RetryPause();
        Exception? hopeless = null;
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await TryAsync(record, attempt > 1, hopeless, cancellationToken);
                if (hopeless is not null) await health.WorksAsync(record);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(record.Source.Topic, record.Record.Partition, record.Record.Offset, attempt, e);
                if (attempt > Attempts) await health.FailsAsync(record, e);
                else if (attempt == Attempts) hopeless = e;
            }
            await pause.WaitAsync(cancellationToken);
        }
    }

    private async Task TryAsync(ConsumedRecord record, bool again, Exception? hopeless, CancellationToken cancellationToken)
    {
        using var context = contextOf(record, again);
        await using var cancel = cancellationToken.UnsafeRegister(_ => context.Cancel(), null);
        if (hopeless is null) await dispatcher.Dispatch(context, NoLockReceiveContext.Instance);
        else await deadLetters.Send(new RescueExceptionReceiveContext(context, hopeless));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Record {Offset} of {Topic}/{Partition} is not done after attempt {Attempt}; it is tried again")]
    private partial void LogFailed(string topic, int partition, long offset, int attempt, Exception exception);
}
