using System.Collections.Concurrent;
using MassTransit;

namespace Conductor.Postgres.Tests.Messaging;

/// <summary>What went wrong on an endpoint.</summary>
internal sealed class Faults : IReceiveObserver
{
    private readonly ConcurrentQueue<string> _messages = new();

    public IReadOnlyList<string> Messages => [.. _messages];

    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        _messages.Enqueue(exception.ToString());
        return Task.CompletedTask;
    }

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => ReceiveFault(context.ReceiveContext, exception);

    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;
}
