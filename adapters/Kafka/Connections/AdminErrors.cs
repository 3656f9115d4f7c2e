using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Conductor.Kafka.Connections;

/// <summary>What is wrong with a question of several parts: its exception has an error for each, and none of its own that says anything.</summary>
internal static class AdminErrors
{
    /// <summary>The error of the first part that failed.</summary>
    public static Error FirstOf(KafkaException e) => e switch
    {
        ListOffsetsException list => First(list.Result.ResultInfos.Select(r => r.TopicPartitionOffsetError.Error)),
        ListConsumerGroupOffsetsException list => First(list.Results.SelectMany(r => r.Partitions.Select(p => p.Error).Prepend(r.Error))),
        AlterConsumerGroupOffsetsException alter => First(alter.Results.SelectMany(r => r.Partitions.Select(p => p.Error).Prepend(r.Error))),
        DeleteConsumerGroupOffsetsException delete => First(delete.Result.Partitions.Select(p => p.Error).Prepend(delete.Result.Error)),
        _ => null,
    } ?? e.Error;

    private static Error? First(IEnumerable<Error?> errors) => errors.FirstOrDefault(error => error is { IsError: true });
}
