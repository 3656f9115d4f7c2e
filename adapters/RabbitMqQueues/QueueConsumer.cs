using System.Threading.Channels;
using Conductor.Domain.Recoverability.Failures;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Conductor.RabbitMqQueues;

/// <summary>Takes dead letters out of a queue. Those that are not acknowledged when it is disposed are in the queue again.</summary>
public sealed class QueueConsumer : IAsyncDisposable
{
    private readonly IChannel _channel;
    private readonly Channel<(DeadLetter Letter, ulong Tag)> _arrived;

    private QueueConsumer(IChannel channel, ushort ahead) => (_channel, _arrived) = (channel, Channel.CreateBounded<(DeadLetter, ulong)>(ahead));

    /// <summary>Begins to consume a queue that exists.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="queue">The queue's name.</param>
    /// <param name="ahead">Letters that the broker sends before any of them is acknowledged.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RabbitMQ.Client.Exceptions.OperationInterruptedException">There is no such queue, or it is somebody's alone.</exception>
    public static async Task<QueueConsumer> OpenAsync(IConnection connection, string queue, ushort ahead, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var opened = new QueueConsumer(channel, ahead);
        try
        {
            await channel.BasicQosAsync(0, ahead, global: false, cancellationToken);
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, e) =>
                opened._arrived.Writer.WriteAsync((AmqpMessages.Read(queue, e.BasicProperties, e.Body), e.DeliveryTag)).AsTask();
            consumer.UnregisteredAsync += (_, _) => opened.EndAsync($"queue '{queue}' is gone");
            channel.ChannelShutdownAsync += (_, e) => opened.EndAsync(e.ReplyText);
            await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken);
            return opened;
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for a letter, and takes with it what else has come.</summary>
    /// <returns>The letters, and what acknowledges all of them.</returns>
    /// <exception cref="IOException">The queue or the connection is gone.</exception>
    public async Task<(IReadOnlyList<DeadLetter> Letters, ulong Tag)> ReadAsync(int most, CancellationToken cancellationToken)
    {
        try
        {
            var (first, tag) = await _arrived.Reader.ReadAsync(cancellationToken);
            var letters = new List<DeadLetter> { first };
            while (letters.Count < most && _arrived.Reader.TryRead(out var next))
            {
                letters.Add(next.Letter);
                tag = next.Tag;
            }
            return (letters, tag);
        }
        catch (ChannelClosedException e)
        {
            throw e.InnerException as IOException ?? new IOException("the queue is not read any more", e);
        }
    }

    /// <summary>Removes from the queue what was read up to there.</summary>
    public ValueTask AcknowledgeAsync(ulong tag, CancellationToken cancellationToken) => _channel.BasicAckAsync(tag, multiple: true, cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    private Task EndAsync(string why)
    {
        _arrived.Writer.TryComplete(new IOException($"RabbitMQ: {why}"));
        return Task.CompletedTask;
    }
}
