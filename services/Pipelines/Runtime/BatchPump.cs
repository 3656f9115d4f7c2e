using System.Threading.Channels;
using Conductor.Domain.Streams.Records;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// Reads ahead of its lane, by two batches at most: behind that the source waits. Once told to stop it reads no more, but hands
/// over what it has.
/// </summary>
internal sealed class BatchPump : IAsyncDisposable
{
    private readonly Channel<StreamBatch> _batches = Channel.CreateBounded<StreamBatch>(2);
    private readonly CancellationTokenSource _stop;
    private readonly TimeProvider _time;
    private readonly Task _pumping;

    public BatchPump(IAsyncEnumerable<StreamBatch> source, TimeProvider time, CancellationToken stop)
    {
        _time = time;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _pumping = PumpAsync(source, _stop.Token);
    }

    /// <summary>Whether reading was told to stop and everything has been handed over.</summary>
    public bool HasEnded => _batches.Reader.Completion.IsCompletedSuccessfully;

    /// <summary>The next batch; null when none comes in time, or none at all any more. Throws what the source threw.</summary>
    public async Task<StreamBatch?> ReadAsync(TimeSpan patience)
    {
        if (_batches.Reader.TryRead(out var ready)) return ready;
        using var giveUp = new CancellationTokenSource(patience, _time);
        try
        {
            return await _batches.Reader.WaitToReadAsync(giveUp.Token) && _batches.Reader.TryRead(out var batch) ? batch : null;
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pumping;
        while (_batches.Reader.TryRead(out var batch)) batch.Dispose();
        _stop.Dispose();
    }

    private async Task PumpAsync(IAsyncEnumerable<StreamBatch> source, CancellationToken stop)
    {
        // Decoding should not wait on the thread that reads.
        await Task.Yield();
        Exception? failure = null;
        try
        {
            await foreach (var batch in source.WithCancellation(stop)) await HandOverAsync(batch, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop.
        }
        catch (Exception e)
        {
            failure = e;
        }
        _batches.Writer.Complete(failure);
    }

    private async Task HandOverAsync(StreamBatch batch, CancellationToken stop)
    {
        try
        {
            await _batches.Writer.WriteAsync(batch, stop);
        }
        catch (OperationCanceledException)
        {
            batch.Dispose();
            throw;
        }
    }
}
