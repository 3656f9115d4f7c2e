namespace Conductor.Domain.Streams.Pipelines;

/// <summary>
/// Finds records that would go round for ever: from a topic or folder through nodes, of whatever pipelines, back to it. A node also leads to its
/// pipeline's dead letters.
/// </summary>
public static class PipelineLoops
{
    /// <summary>What is wrong with a definition beside others; empty when nothing goes round through it.</summary>
    /// <param name="definition">The definition that is to be registered.</param>
    /// <param name="others">The other pipelines.</param>
    /// <param name="folderOf">A folder's full path.</param>
    public static IReadOnlyList<PipelineError> Check(PipelineDefinition definition, IEnumerable<PipelineDefinition> others, Func<string, string> folderOf)
    {
        var edges = others.Where(o => o.Name != definition.Name).Append(definition).SelectMany(p => EdgesOf(p, folderOf)).ToLookup(e => e.From);
        return [.. definition.Nodes
            .Select(node => (node.Name, Way: WayBack(edges, PlaceOf(node.Source, folderOf), new($"{definition.Name}/{node.Name}"))))
            .Where(found => found.Way is not null)
            .Select(found => new PipelineError($"components.{found.Name}.source", $"its records would go round for ever: {found.Way}"))];
    }

    // Breadth first, so that the shortest way is told.
    private static string? WayBack(ILookup<string, Edge> edges, string start, NodeName first)
    {
        var ways = new Queue<(string Place, string Way)>();
        var seen = new HashSet<string>();
        foreach (var edge in edges[start].Where(e => e.Node == first)) Follow(edge, start);
        while (ways.TryDequeue(out var at))
        {
            if (at.Place == start) return at.Way;
            foreach (var edge in edges[at.Place]) Follow(edge, at.Way);
        }
        return null;

        void Follow(Edge edge, string way)
        {
            if (seen.Add(edge.To)) ways.Enqueue((edge.To, $"{way} → {edge.Node.Text} → {edge.To}"));
        }
    }

    private static IEnumerable<Edge> EdgesOf(PipelineDefinition pipeline, Func<string, string> folderOf) =>
        from node in pipeline.Nodes
        from place in node.Sinks.Select(s => PlaceOf(s, folderOf)).Append(TopicPlace(pipeline.Broker, pipeline.DeadLetterTopic))
        select new Edge(PlaceOf(node.Source, folderOf), new($"{pipeline.Name}/{node.Name}"), place);

    private static string PlaceOf(SourceDefinition source, Func<string, string> folderOf) => source switch
    {
        TopicSource topic => TopicPlace(topic.Broker, topic.Topic),
        FolderSource folder => FolderPlace(folderOf(folder.Folder)),
        _ => throw new ArgumentException($"unknown source {source.Type}", nameof(source)),
    };

    private static string PlaceOf(SinkDefinition sink, Func<string, string> folderOf) => sink switch
    {
        TopicSink topic => TopicPlace(topic.Broker, topic.Topic),
        AvroFilesSink files => FolderPlace(folderOf(files.Folder)),
        _ => throw new ArgumentException($"unknown sink {sink.Type}", nameof(sink)),
    };

    private static string TopicPlace(string broker, string topic) => broker.Length == 0 ? $"topic '{topic}'" : $"topic '{topic}' of {broker}";

    private static string FolderPlace(string folder) => $"folder '{Path.TrimEndingDirectorySeparator(folder)}'";

    private readonly record struct NodeName(string Text);

    private readonly record struct Edge(string From, NodeName Node, string To);
}
