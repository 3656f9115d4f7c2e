using Conductor.Domain.Streams.Brokers;

namespace Conductor.Domain.Streams.Pipelines;

/// <summary>What is wrong with a definition.</summary>
/// <param name="Path">Where, as in <c>components.filter.source.topic</c>.</param>
/// <param name="Message">What, for people.</param>
public readonly record struct PipelineError(string Path, string Message);

/// <summary>The rules that a definition follows beyond its form.</summary>
public static class PipelineRules
{
    /// <summary>Everything that is wrong with a definition; empty when it is sound.</summary>
    /// <param name="definition">Definition.</param>
    /// <param name="problemsOf">Says what is wrong with a processor's class or parameters, by path below the processor.</param>
    public static IReadOnlyList<PipelineError> Check(PipelineDefinition definition, Func<ProcessorDefinition, IEnumerable<PipelineError>> problemsOf)
    {
        var errors = new List<PipelineError>();
        if (!IsName(definition.Name)) errors.Add(new("name", NameRule(definition.Name)));
        if (definition.Components.Count == 0) errors.Add(new("components", "a pipeline has at least one component"));
        foreach (var component in definition.Components)
        {
            var path = $"components.{component.Name}";
            if (!IsName(component.Name)) errors.Add(new(path, NameRule(component.Name)));
            errors.AddRange(component switch
            {
                StreamBuffer buffer => CheckBuffer(buffer, path),
                ProcessingNode node => CheckNode(node, path, problemsOf),
                _ => throw new ArgumentException($"unknown component {component.GetType().Name}", nameof(definition)),
            });
        }
        errors.AddRange(CheckTopicOwners(definition));
        errors.AddRange(CheckGroups(definition));
        errors.AddRange(PipelineLoops.Check(definition, others: [], folderOf: folder => folder));
        return errors;
    }

    /// <summary>Letters, digits, dots, dashes and underscores, 1 to 150 of them, a letter or digit first.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= 150 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static string NameRule(string name) => $"'{name}' is not a name: 1 to 150 letters, digits, dots, dashes and underscores, a letter or digit first";

    private static IEnumerable<PipelineError> CheckBuffer(StreamBuffer buffer, string path)
    {
        if (buffer.Topics.Count == 0) yield return new(path + ".topics", "a stream-buffer has at least one topic");
        foreach (var topic in buffer.Topics)
        {
            var at = $"{path}.topics.{topic.Name}";
            if (!IsName(topic.Name)) yield return new(at, NameRule(topic.Name));
            if (topic.Partitions is < 1 or > 256) yield return new(at + ".partitions", "partitions are 1 to 256");
            if (topic.RetainFor < TimeSpan.FromSeconds(1)) yield return new(at + ".retention", "retention is at least 1s");
            if (topic.RetainBytes < 1_000_000) yield return new(at + ".maxBytes", "maxBytes is at least 1MB");
        }
    }

    private static IEnumerable<PipelineError> CheckNode(ProcessingNode node, string path, Func<ProcessorDefinition, IEnumerable<PipelineError>> problemsOf)
    {
        if (node.Instances is < 1 or > 256) yield return new(path + ".instances", "instances are 1 to 256");
        if (node.CheckpointEvery < TimeSpan.FromMilliseconds(50) || node.CheckpointEvery > TimeSpan.FromHours(1))
            yield return new(path + ".checkpoint.every", "a checkpoint is due every 50ms to 1h");
        if (node.CheckpointRecords < 1) yield return new(path + ".checkpoint.records", "a checkpoint is due after 1 record or more");
        foreach (var error in CheckSource(node, path + ".source")) yield return error;
        foreach (var processor in node.Processors)
        {
            var at = $"{path}.processors.{processor.Name}";
            if (!IsName(processor.Name)) yield return new(at, NameRule(processor.Name));
            foreach (var problem in problemsOf(processor)) yield return problem with { Path = $"{at}.{problem.Path}" };
        }
        if (node.Sinks.Count == 0) yield return new(path + ".sinks", "a processing-node has at least one sink");
        foreach (var sink in node.Sinks)
        {
            var at = $"{path}.sinks.{sink.Name}";
            if (!IsName(sink.Name)) yield return new(at, NameRule(sink.Name));
            if (sink is TopicSink { Topic: var topic } && !IsName(topic)) yield return new(at + ".topic", NameRule(topic));
            if (sink is AvroFilesSink { Folder: "" }) yield return new(at + ".folder", "a folder is needed");
            if (sink is AvroFilesSink { MaxAge: var age } && (age < TimeSpan.FromMilliseconds(50) || age > TimeSpan.FromDays(1)))
                yield return new(at + ".maxAge", "a file is finished after 50ms to 1d");
            if (sink is AvroFilesSink { MaxBytes: < 1000 or > 2_000_000_000 }) yield return new(at + ".maxBytes", "a file is finished at 1kB to 2GB");
        }
    }

    private static IEnumerable<PipelineError> CheckSource(ProcessingNode node, string path)
    {
        if (node.Source is TopicSource topic)
        {
            if (!IsName(topic.Topic)) yield return new(path + ".topic", NameRule(topic.Topic));
            if (!IsName(topic.Group)) yield return new(path + ".group", NameRule(topic.Group));
        }
        else if (node.Source is FolderSource folder)
        {
            if (folder.Folder.Length == 0) yield return new(path + ".folder", "a folder is needed");
            if (folder.Pattern.Length is 0 or > 200 || folder.Pattern.AsSpan().ContainsAny('/', '\\', '\0'))
                yield return new(path + ".pattern", "a pattern of files' names has 1 to 200 characters and names no folder");
            if (node.Instances > 1)
                yield return new($"{path[..^".source".Length]}.instances",
                    "a folder has one partition, so that one instance reads it; read it into a topic to share the work");
        }
    }

    private static IEnumerable<PipelineError> CheckTopicOwners(PipelineDefinition definition) =>
        from buffer in definition.Components.OfType<StreamBuffer>()
        from topic in buffer.Topics
        group buffer by (buffer.Broker, topic.Name) into owners
        where owners.Count() > 1
        select new PipelineError($"components.{owners.Last().Name}.topics.{owners.Key.Name}",
            $"topic '{owners.Key.Name}' is declared by '{owners.First().Name}' already");

    private static IEnumerable<PipelineError> CheckGroups(PipelineDefinition definition) =>
        from node in definition.Nodes
        where node.Source is TopicSource
        group node by (TopicSource)node.Source into sharing
        where sharing.Count() > 1
        select new PipelineError($"components.{sharing.Last().Name}.source.group",
            $"'{sharing.First().Name}' reads '{sharing.Key.Topic}' as group '{sharing.Key.Group}' already; to share the work use instances");
}
