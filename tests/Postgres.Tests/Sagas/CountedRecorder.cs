using System.Collections.Concurrent;
using MassTransit;

namespace Conductor.Postgres.Tests.Sagas;

/// <summary>Keeps what arrives.</summary>
public sealed class CountedRecorder : IConsumer<Counted>
{
    public ConcurrentQueue<Counted> Messages { get; } = new();

    public Task Consume(ConsumeContext<Counted> context)
    {
        Messages.Enqueue(context.Message);
        return Task.CompletedTask;
    }
}
