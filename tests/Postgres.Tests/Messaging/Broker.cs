using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Conductor.Postgres.Tests.Messaging;

/// <summary>RabbitMQ as somebody without MassTransit sees it.</summary>
internal static class Broker
{
    public static async Task<bool> HasQueueAsync(string address, string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = new(address) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            await channel.QueueDeclarePassiveAsync(queue);
            return true;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
        {
            return false;
        }
    }

    /// <summary>How many messages are ready in each queue, and who consumes them.</summary>
    public static async Task<string> DepthsAsync(string address, params string[] queues)
    {
        await using var connection = await new ConnectionFactory { Uri = new(address) }.CreateConnectionAsync();
        var depths = new List<string>();
        foreach (var queue in queues)
        {
            await using var channel = await connection.CreateChannelAsync();
            try
            {
                var answer = await channel.QueueDeclarePassiveAsync(queue);
                depths.Add($"{queue} {answer.MessageCount} with {answer.ConsumerCount} consumers");
            }
            catch (OperationInterruptedException)
            {
                depths.Add($"{queue} none");
            }
        }
        return string.Join(", ", depths);
    }

    public static async Task PublishAsync(string address, string exchange, string json, int times)
    {
        await using var connection = await new ConnectionFactory { Uri = new(address) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        for (var i = 0; i < times; i++)
            await channel.BasicPublishAsync(
                exchange, "", mandatory: false, new BasicProperties { ContentType = "application/json" }, Encoding.UTF8.GetBytes(json));
    }
}
