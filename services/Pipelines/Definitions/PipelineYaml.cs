using Conductor.Domain.Streams.Alerts;
using Conductor.Domain.Streams.Pipelines;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Conductor.Pipelines.Definitions;

/// <summary>What a YAML text holds: a definition, or errors.</summary>
/// <param name="Definition">Null when there are errors.</param>
/// <param name="Errors">All that were found.</param>
/// <param name="Warnings">What was read but changes nothing.</param>
public sealed record ParsedPipeline(PipelineDefinition? Definition, IReadOnlyList<Problem> Errors, IReadOnlyList<Problem> Warnings)
{
    internal Func<PipelineError, Problem> PlaceOf { get; init; } = error => new Problem(File: null, 1, 1, error.Path, error.Message);

    /// <summary>The same with what was found wrong beside other definitions, at its place in the text.</summary>
    public ParsedPipeline With(IReadOnlyList<PipelineError> errors) =>
        errors.Count == 0 ? this : this with { Definition = null, Errors = [.. Errors, .. errors.Select(PlaceOf)] };
}

/// <summary>
/// Reads pipelines. Besides <c>components:</c> by name it takes the older shapes: a single <c>component:</c>, <c>params</c> and
/// <c>topics</c> as lists of mappings, <c>topicid</c> and <c>groupid</c>, and writers among the processors.
/// </summary>
public static class PipelineYaml
{
    private const int Longest = 1_000_000;

    /// <summary>Reads a text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="file">Shown in errors; also names the pipeline when the text does not.</param>
    public static ParsedPipeline Parse(string text, string? file = null)
    {
        var reading = new YamlReading(file);
        var definition = Load(text, reading) is { } root ? Read(reading, root, file) : null;
        if (definition is not null && reading.Errors.Count == 0)
        {
            foreach (var error in PipelineRules.Check(definition, ProblemsOf)) reading.Error(error);
        }
        return new ParsedPipeline(reading.Errors.Count == 0 ? definition : null, reading.Errors, reading.Warnings) { PlaceOf = reading.PlaceOf };
    }

    private static YamlNode? Load(string text, YamlReading reading)
    {
        try
        {
            if (text.Length > Longest) throw new YamlException(new Mark(0, 1, 1), new Mark(0, 1, 1), $"a pipeline has at most {Longest} characters");
            var documents = YamlShape.Load(text);
            if (documents.Count == 1) return documents[0].RootNode;
            throw new YamlException(new Mark(0, 1, 1), new Mark(0, 1, 1), $"one YAML document is expected, not {documents.Count}");
        }
        catch (YamlException e)
        {
            reading.Error(e.Start, "", e.Message);
            return null;
        }
    }

    private static PipelineDefinition? Read(YamlReading reading, YamlNode node, string? file)
    {
        Secrets.Check(reading, node, "");
        if (YamlMap.Of(reading, node, "") is not { } root) return null;
        var name = root.Text("name", "pipeline") ?? Path.GetFileNameWithoutExtension(file);
        if (string.IsNullOrEmpty(name)) reading.Error(node, "name", "'name' is needed");
        var broker = root.Text("broker") ?? "";
        var components = new List<ComponentDefinition?>();
        if (root.Map("components") is { } several)
        {
            foreach (var (id, value) in several.Entries) components.Add(Component(reading, value, $"components.{id}", id, name ?? ""));
        }
        if (root.Map("component") is { } single)
        {
            var id = single.Text("id", "name") ?? "component";
            components.Add(ComponentReader.Read(single, id, name ?? ""));
        }
        root.Finish();
        return components.Contains(null) ? null : new PipelineDefinition(name ?? "", components!) { Broker = broker };
    }

    private static ComponentDefinition? Component(YamlReading reading, YamlNode node, string path, string id, string pipeline) =>
        YamlMap.Of(reading, node, path) is { } map ? ComponentReader.Read(map, id, pipeline) : null;

    private static IEnumerable<PipelineError> ProblemsOf(ProcessorDefinition processor) =>
        AlertProcessors.Problems(processor).Select(p => p with { Path = p.Path.Replace("parameters.", "params.", StringComparison.Ordinal) });
}
