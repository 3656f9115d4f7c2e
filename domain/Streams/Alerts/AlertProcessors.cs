using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Domain.Streams.Alerts;

/// <summary>Makes processors from their definitions: <c>solar-system-filter</c> (action, targets, max-distance, max-magnitude, tombstones) and
/// <c>threshold</c> (field; min and max, or op and value; nulls, tombstones).</summary>
public static class AlertProcessors
{
    /// <summary>The classes known here.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["solar-system-filter", "threshold"];

    /// <summary>What is wrong with a definition, by path below the processor; empty when it is sound.</summary>
    public static IEnumerable<PipelineError> Problems(ProcessorDefinition definition)
    {
        var parameters = new ProcessorParameters(definition.Parameters);
        if (Build(definition.Class, parameters) is null)
        {
            return [new("class", $"unknown processor '{definition.Class}'; known are {string.Join(", ", Classes)}")];
        }

        return parameters.Finish();
    }

    /// <summary>Makes the processor.</summary>
    /// <exception cref="ArgumentException">The definition has <see cref="Problems"/>.</exception>
    public static IRecordProcessor Create(ProcessorDefinition definition)
    {
        var parameters = new ProcessorParameters(definition.Parameters);
        var processor = Build(definition.Class, parameters);
        var problems = parameters.Finish();
        if (processor is not null && problems.Count == 0) return processor;
        throw new ArgumentException($"processor '{definition.Name}': {(processor is null ? "unknown class" : problems[0].ToString())}", nameof(definition));
    }

    private static IRecordProcessor? Build(string processorClass, ProcessorParameters parameters) => processorClass switch
    {
        "solar-system-filter" => SolarSystem(parameters),
        "threshold" => ThresholdOf(parameters),
        _ => null,
    };

    private static SolarSystemFilter SolarSystem(ProcessorParameters parameters) => new(
        parameters.Choice("action", "include", Actions),
        new SolarSystemMatch
        {
            Targets = parameters.Texts("targets"),
            MaxDistance = (double?)parameters.Number("max-distance"),
            MaxMagnitude = (double?)parameters.Number("max-magnitude"),
        },
        parameters.Choice("tombstones", "pass", Answers));

    private static Threshold ThresholdOf(ProcessorParameters parameters)
    {
        var field = parameters.Required("field");
        var limits = new List<Limit>();
        if (parameters.Number("min") is { } min) limits.Add(new Limit(Comparison.AtLeast, min));
        if (parameters.Number("max") is { } max) limits.Add(new Limit(Comparison.AtMost, max));
        var comparison = parameters.Choice("op", "", Comparisons);
        var value = parameters.Number("value");
        if (comparison is not null && value is not null) limits.Add(new Limit(comparison.Value, value.Value));
        else if (comparison is not null || value is not null) parameters.Problem("op", "op and value go together");
        if (limits.Count == 0) parameters.Problem("value", "a threshold needs min, max, or op and value");
        return new Threshold(field, limits, parameters.Choice("nulls", "skip", Answers), parameters.Choice("tombstones", "pass", Answers));
    }

    private static readonly Dictionary<string, FilterAction> Actions = new() { ["include"] = FilterAction.Include, ["exclude"] = FilterAction.Exclude };

    private static readonly Dictionary<string, ProcessorAnswer> Answers = new() { ["skip"] = ProcessorAnswer.Skip, ["pass"] = ProcessorAnswer.Pass };

    private static readonly Dictionary<string, Comparison?> Comparisons = new()
    {
        [""] = null,
        ["<"] = Comparison.Less,
        ["<="] = Comparison.AtMost,
        ["="] = Comparison.Equal,
        ["=="] = Comparison.Equal,
        ["!="] = Comparison.NotEqual,
        [">="] = Comparison.AtLeast,
        [">"] = Comparison.Greater,
    };
}
