using System.Globalization;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// Under which names nodes leave positions, files and origins behind. A pipeline that is made again after it was deleted, and a node that reads in
/// another group, are not taken for what they were before. A tilde occurs in no name of a definition.
/// </summary>
internal static class NodeNames
{
    public static string Of(string pipeline, long generation, ProcessingNode node)
    {
        var made = generation == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"~{generation}");
        var group = GroupOf(pipeline, node);
        return $"{pipeline}{made}.{node.Name}{(group.Length == 0 ? "" : "~" + group)}";
    }

    public static string InstancesOf(string pipeline) => $"pipeline:{pipeline}";

    public static CheckpointKey KeyOf(string pipeline, ProcessingNode node, string source, int partition) =>
        new(pipeline, node.Name, source, partition) { Group = GroupOf(pipeline, node) };

    /// <summary>The group of a node that reads in another than its own; otherwise empty.</summary>
    public static string GroupOf(string pipeline, ProcessingNode node) =>
        node.Source is TopicSource topic && topic.Group != $"{pipeline}.{node.Name}" ? topic.Group : "";

    /// <summary>The folder's or topic's name as sinks see it: one that began anew under its name is another.</summary>
    public static string SourceOf(string source, int rewinds) =>
        rewinds == 0 ? source : string.Create(CultureInfo.InvariantCulture, $"{source}~{rewinds}");

    /// <summary>Names a partition of a node's input among the origins of records.</summary>
    public static string OriginOf(string identity, SinkPartition partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{identity}:{partition.Source}/{partition.Partition}");
}
