using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;

namespace Conductor.StreamRider.Consuming;

/// <summary>Stores the position of a partition, now and then and in the end, as far as all of its records are done.</summary>
internal sealed class Checkpoints(IPartitionReader reader, OffsetWindow window, TopicEndpointSettings settings, EndpointLog log)
{
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _due = new(0, 1);
    private readonly CancellationTokenSource _fenced = new();
    private long? _stored;
    private long _passed;

    /// <summary>Cancelled when somebody else holds the partition.</summary>
    public CancellationToken Fenced => _fenced.Token;

    /// <summary>A record is done; perhaps enough are for the next checkpoint.</summary>
    public void Completed()
    {
        if (window.Passed - Volatile.Read(ref _passed) < settings.CheckpointCount || _due.CurrentCount > 0) return;
        try
        {
            _due.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another record has said so at the same time.
        }
    }

    /// <summary>Stores the position until told to stop; what cannot be stored now is stored later.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await _due.WaitAsync(settings.CheckpointInterval, stop);
                await SaveAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (FencedException e)
            {
                log.Fenced(reader.Source, reader.Partition, e.Message);
                await _fenced.CancelAsync();
            }
            catch (Exception e)
            {
                log.NotSaved(reader.Source, reader.Partition, e);
            }
        }
    }

    /// <summary>Stores the position for whoever is next; what is not stored that one consumes again, and an inbox tells.</summary>
    public async Task FinishAsync()
    {
        if (_fenced.IsCancellationRequested) return;
        using var limit = new CancellationTokenSource(Last);
        try
        {
            await SaveAsync(limit.Token);
        }
        catch (Exception e)
        {
            log.NotSaved(reader.Source, reader.Partition, e);
        }
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        var (next, passed) = (window.Watermark, window.Passed);
        if (next is null || next == _stored) return;
        await reader.CommitAsync(next.Value, cancellationToken);
        _stored = next;
        Volatile.Write(ref _passed, passed);
    }
}
