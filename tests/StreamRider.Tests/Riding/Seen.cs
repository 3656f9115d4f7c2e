using System.Diagnostics;
using MassTransit;

namespace Conductor.StreamRider.Tests.Riding;

/// <summary>What consumers have got, and what they are to do.</summary>
internal sealed class Seen
{
    private readonly Lock _lock = new();
    private readonly List<Arrival> _arrivals = [];

    public Func<ConsumeContext<OrderPlaced>, Task> Act { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<Arrival> Arrivals
    {
        get
        {
            lock (_lock) return [.. _arrivals];
        }
    }

    public int Count
    {
        get
        {
            lock (_lock) return _arrivals.Count;
        }
    }

    public IReadOnlyList<int> Numbers => [.. Arrivals.Select(arrival => arrival.Number)];

    public void Add(ConsumeContext context, int number)
    {
        var arrival = new Arrival(number, context.GetKey<string>(), context, Activity.Current?.TraceId.ToString());
        lock (_lock) _arrivals.Add(arrival);
    }
}

internal sealed record Arrival(int Number, string? Key, ConsumeContext Context, string? Trace);

internal sealed class OrderPlacedConsumer(Seen seen) : IConsumer<OrderPlaced>
{
    public async Task Consume(ConsumeContext<OrderPlaced> context)
    {
        await seen.Act(context);
        seen.Add(context, context.Message.Number);
    }
}

internal sealed class OrderShippedConsumer(Seen seen) : IConsumer<OrderShipped>
{
    public Task Consume(ConsumeContext<OrderShipped> context)
    {
        seen.Add(context, context.Message.Number);
        return Task.CompletedTask;
    }
}
