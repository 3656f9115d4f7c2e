using System.Diagnostics;
using MassTransit;

namespace Conductor.Postgres.Tests.Messaging;

/// <summary>One effect and one event per command; fails after both when the command says so.</summary>
internal sealed class PlaceOrderConsumer(ShopDb db, Calls calls) : IConsumer<PlaceOrder>
{
    public async Task Consume(ConsumeContext<PlaceOrder> context)
    {
        var call = calls.Count("PlaceOrder");
        db.Effects.Add(new() { Number = context.Message.Number, What = "placed" });
        await context.Publish(new OrderPlaced(context.Message.Number));
        if (context.Message.Fail is "always" || (context.Message.Fail is "once" && call == 1)) throw new InvalidOperationException("told to fail");
    }
}

/// <summary>Records each event as an effect, without inbox, so that every arrival shows.</summary>
internal sealed class OrderPlacedRecorder(Calls calls) : IConsumer<OrderPlaced>
{
    public Task Consume(ConsumeContext<OrderPlaced> context)
    {
        calls.Trace = Activity.Current?.TraceId;
        calls.Arrived(context);
        return Task.CompletedTask;
    }
}

/// <summary>What happened in a process, to wait for.</summary>
internal sealed class Calls
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<ConsumeContext<OrderPlaced>> _events = [];

    /// <summary>In which trace the last event was consumed.</summary>
    public ActivityTraceId? Trace { get; set; }

    public int Count(string what)
    {
        lock (_lock) return _counts[what] = _counts.GetValueOrDefault(what) + 1;
    }

    public int Of(string what)
    {
        lock (_lock) return _counts.GetValueOrDefault(what);
    }

    public void Arrived(ConsumeContext<OrderPlaced> context)
    {
        lock (_lock) _events.Add(context);
    }

    public IReadOnlyList<int> Events
    {
        get
        {
            lock (_lock) return [.. _events.Select(e => e.Message.Number)];
        }
    }

    public IReadOnlyList<ConsumeContext<OrderPlaced>> Contexts
    {
        get
        {
            lock (_lock) return [.. _events];
        }
    }
}
