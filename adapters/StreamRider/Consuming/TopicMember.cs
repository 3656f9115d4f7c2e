using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;

namespace Conductor.StreamRider.Consuming;

/// <summary>A member of the group that consumes a topic, from the start of the bus to its end; joins anew after every failure.</summary>
internal sealed class TopicMember(TopicEndpoint endpoint)
{
    private readonly ConsumedTopic _source = endpoint.Settings.Source;
    private readonly string _name = $"{Environment.MachineName}-{Guid.NewGuid():N}";

    /// <summary>Runs until told to stop.</summary>
    /// <param name="stopping">Ends reading; what has begun is finished.</param>
    /// <param name="abort">Ends everything.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abort)
    {
        var pause = new RetryPause();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await JoinAsync(pause, stopping, abort);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                await endpoint.Health.FailsAsync(this, e);
                endpoint.Log.CannotJoin(_source.Group, _source.Topic, e);
                await pause.WaitAsync(stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e)
            {
                // It leaves without the broker: its partitions go to others when its lease ends.
                endpoint.Log.CannotJoin(_source.Group, _source.Topic, e);
            }
        }
    }

    private async Task JoinAsync(RetryPause pause, CancellationToken stopping, CancellationToken abort)
    {
        if (endpoint.Settings.Create is { } topic) await endpoint.Broker.FindOrMakeTopicAsync(topic, stopping);
        // Of the brokers, some look only at their store when a member joins.
        await endpoint.Broker.RangesAsync(_source.Topic, stopping);
        await using var source = await endpoint.Broker.SubscribeAsync(SubscriptionOf(), stopping);
        await endpoint.Health.WorksAsync(this);
        pause.Reset();
        var running = new List<Task>();
        try
        {
            await foreach (var reader in source.PartitionsAsync(stopping))
            {
                running.RemoveAll(run => run.IsCompleted);
                running.Add(RunAsync(reader, stopping, abort));
            }
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    private Subscription SubscriptionOf() => new()
    {
        Topic = _source.Topic,
        Group = _source.Group,
        Member = _name,
        Instance = endpoint.Settings.Instance,
        Start = endpoint.Settings.Start,
    };

    private async Task RunAsync(IPartitionReader reader, CancellationToken stopping, CancellationToken abort)
    {
        await Task.Yield();
        try
        {
            await using (reader) await new PartitionRun(endpoint, reader).RunAsync(stopping, abort);
        }
        catch (Exception e)
        {
            // It comes again, to this member or to another.
            endpoint.Log.LetGo(reader.Source, reader.Partition, e);
        }
    }
}
