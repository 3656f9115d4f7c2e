using System.Collections.Concurrent;
using Conductor.Contracts.Operations;
using Conductor.Domain.Recoverability.Failures;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Conductor.RabbitMqQueues;

/// <summary>A message to be sent to a queue.</summary>
/// <param name="Id">The failure; whoever consumes the message says so under this id (<see cref="RetriedMessageConsumed"/>).</param>
/// <param name="Queue">The queue's name; nobody else gets it, as everyone would who listens to its exchange.</param>
/// <param name="Letter">What is sent, without what tells of its failure.</param>
public sealed record QueuedLetter(Guid Id, string Queue, DeadLetter Letter);

/// <summary>Sends messages to queues, in their order, with the broker's confirmation of each.</summary>
public sealed class QueueSender : IAsyncDisposable
{
    private readonly IChannel _channel;
    private readonly ConcurrentDictionary<ulong, (Guid Id, TaskCompletionSource<string?> Sent)> _underWay = new();
    private readonly ConcurrentDictionary<Guid, string> _returned = new();
    private ulong _next;

    private QueueSender(IChannel channel)
    {
        _channel = channel;
        channel.BasicAcksAsync += (_, e) => Done(e.DeliveryTag, e.Multiple, refusal: null);
        channel.BasicNacksAsync += (_, e) => Done(e.DeliveryTag, e.Multiple, "the broker refused it");
        channel.BasicReturnAsync += (_, e) =>
        {
            // Comes before the confirmation.
            var header = AmqpHeaders.Read(e.BasicProperties.Headers).FirstOrDefault(h => h.Name == RetriedMessageConsumed.Header);
            if (Guid.TryParse(header.Text, out var id)) _returned[id] = $"there is no queue '{e.RoutingKey}'";
            return Task.CompletedTask;
        };
        channel.ChannelShutdownAsync += (_, e) =>
        {
            Fail(e.ReplyText);
            return Task.CompletedTask;
        };
    }

    /// <summary>Opens a channel of its own.</summary>
    public static async Task<QueueSender> OpenAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false), cancellationToken);
        return new QueueSender(channel) { _next = await channel.GetNextPublishSequenceNumberAsync(cancellationToken) };
    }

    /// <summary>Sends messages and waits until the broker has all of them.</summary>
    /// <returns>For each null, or why it could not be sent.</returns>
    /// <exception cref="IOException">The connection is gone: what was not confirmed may have been sent, or not.</exception>
    public async Task<IReadOnlyList<string?>> SendAsync(IReadOnlyList<QueuedLetter> letters, CancellationToken cancellationToken)
    {
        var sent = new List<Task<string?>>(letters.Count);
        try
        {
            foreach (var letter in letters) sent.Add(await SendAsync(letter, cancellationToken));
        }
        catch (RabbitMQClientException e)
        {
            throw new IOException($"RabbitMQ: {e.Message}", e);
        }
        return await Task.WhenAll(sent).WaitAsync(cancellationToken);
    }

    // What is given back ends when the broker has it.
    private async Task<Task<string?>> SendAsync(QueuedLetter letter, CancellationToken cancellationToken)
    {
        var confirmed = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _underWay[_next++] = (letter.Id, confirmed);
        var properties = AmqpMessages.Again(letter.Letter, new MessageHeader(RetriedMessageConsumed.Header, $"{letter.Id}"));
        await _channel.BasicPublishAsync("", letter.Queue, mandatory: true, properties, letter.Letter.Body, cancellationToken);
        return confirmed.Task;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    private Task Done(ulong tag, bool multiple, string? refusal)
    {
        if (multiple)
            foreach (var earlier in _underWay.Keys.Where(key => key <= tag)) Done(earlier, refusal);
        else Done(tag, refusal);
        return Task.CompletedTask;
    }

    private void Done(ulong tag, string? refusal)
    {
        if (!_underWay.TryRemove(tag, out var message)) return;
        message.Sent.TrySetResult(_returned.TryRemove(message.Id, out var returned) ? returned : refusal);
    }

    private void Fail(string why)
    {
        foreach (var tag in _underWay.Keys)
            if (_underWay.TryRemove(tag, out var message)) message.Sent.TrySetException(new IOException($"RabbitMQ: {why}"));
    }
}
