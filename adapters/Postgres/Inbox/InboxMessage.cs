using System.Security.Cryptography;
using System.Text;
using MassTransit;

namespace Conductor.Postgres.Inbox;

/// <summary>By which id the inbox knows a message.</summary>
/// <param name="Id">The id.</param>
/// <param name="IsGuess">
/// Whether it was made from the message's bytes alone: then the same id on a first delivery is another message that happens to look the
/// same, and only on a repeated delivery the same one.
/// </param>
internal readonly record struct InboxMessage(Guid Id, bool IsGuess)
{
    public static InboxMessage Of(ConsumeContext context)
    {
        if (context.GetOriginalMessageId() is { } id) return new(id, IsGuess: false);
        var queue = context.ReceiveContext.InputAddress.AbsolutePath;
        // RabbitMQ numbers the messages of a stream queue.
        if (context.ReceiveContext.TransportHeaders.Get<string>("x-stream-offset") is { } offset)
            return new(Hash(Encoding.UTF8.GetBytes($"{queue}\n{offset}")), IsGuess: false);
        return new(Hash([.. Encoding.UTF8.GetBytes($"{queue}\n"), .. context.ReceiveContext.Body.GetBytes()]), IsGuess: true);
    }

    private static Guid Hash(byte[] bytes) => new(SHA256.HashData(bytes).AsSpan(0, 16));
}
