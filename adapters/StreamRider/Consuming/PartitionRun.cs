using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.StreamRider.Consuming;

/// <summary>
/// One partition while this member holds it: read, consume in parallel by key, store the position as far as everything before it is done. When it is to
/// be handed back, what has begun is finished, and the position stored.
/// </summary>
internal sealed class PartitionRun
{
    private readonly TopicEndpoint _endpoint;
    private readonly IPartitionReader _reader;
    private readonly OffsetWindow _window;
    private readonly SemaphoreSlim _room;
    private readonly KeyLanes _lanes;
    private readonly Checkpoints _checkpoints;
    private long? _next;

    public PartitionRun(TopicEndpoint endpoint, IPartitionReader reader)
    {
        var settings = endpoint.Settings;
        (_endpoint, _reader) = (endpoint, reader);
        (_window, _room, _lanes) = (new(settings.Window), new(settings.Prefetch), new(settings.Parallelism));
        _checkpoints = new(reader, _window, settings, endpoint.Log);
    }

    /// <summary>Runs until told to stop, or until somebody else is to have the partition.</summary>
    /// <param name="stopping">Ends reading; what has begun is finished.</param>
    /// <param name="abort">Ends everything.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abort)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, _reader.Revoked, _checkpoints.Fenced);
        var saving = _checkpoints.RunAsync(stop.Token);
        await ReadAsync(stop.Token, abort);
        await _lanes.StopAsync();
        await saving;
        await _checkpoints.FinishAsync();
        await _endpoint.Health.WorksAsync(this);
    }

    private async Task ReadAsync(CancellationToken stop, CancellationToken abort)
    {
        var pause = new RetryPause();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ReadOnAsync(pause, stop, abort);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (LostPositionException lost)
            {
                _next = LostPositions.NextOf(lost, _endpoint.Settings.OnLostPosition);
                _endpoint.Log.LostPosition(_reader.Source, _reader.Partition, lost.Message, _next);
            }
            catch (Exception e)
            {
                await _endpoint.Health.FailsAsync(this, e);
                _endpoint.Log.CannotRead(_reader.Source, _reader.Partition, e);
                await RecoverAsync(pause, stop);
            }
        }
    }

    private async Task ReadOnAsync(RetryPause pause, CancellationToken stop, CancellationToken abort)
    {
        await foreach (var batch in _reader.ReadAsync(_next, stop))
        {
            using (batch)
            {
                for (var i = 0; i < batch.Count; i++) await TakeAsync(batch.Records.Span[i], stop, abort);
                _next = batch.NextOffset;
            }
            pause.Reset();
        }
    }

    private async Task TakeAsync(StreamRecord read, CancellationToken stop, CancellationToken abort)
    {
        await _room.WaitAsync(stop);
        var entry = await _window.BeginAsync(read.Offset, stop);
        var record = new ConsumedRecord(_endpoint.Settings.Source, read);
        _lanes.Add(record.Record.Key.Span, async () =>
        {
            try
            {
                await _endpoint.Consumer.ConsumeAsync(record, abort);
                _window.Complete(entry);
                _checkpoints.Completed();
            }
            catch (Exception e) when (abort.IsCancellationRequested)
            {
                // Not done: whoever has the partition next gets it.
                _endpoint.Log.GivenUp(_reader.Source, _reader.Partition, record.Record.Offset, e.Message);
            }
            finally
            {
                _room.Release();
            }
        });
    }

    // Reading waits at the end of a partition and says nothing: only a question shows that the broker is back.
    private async Task RecoverAsync(RetryPause pause, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await pause.WaitAsync(stop);
            try
            {
                await _endpoint.Broker.RangesAsync(_endpoint.Settings.Source.Topic, stop);
                await _endpoint.Health.WorksAsync(this);
                return;
            }
            catch (Exception e)
            {
                _endpoint.Log.StillAway(_reader.Source, _reader.Partition, e.Message);
            }
        }
    }
}
