using Conductor.Domain.Streams.Pipelines;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Conductor.Pipelines.Definitions;

/// <summary>Collects what is found while one YAML text is read, and remembers where each path stands in it.</summary>
internal sealed class YamlReading(string? file)
{
    private const int MostProblems = 100;
    private const int LongestMessage = 500;
    private readonly Dictionary<string, Mark> _marks = [];

    public List<Problem> Errors { get; } = [];

    public List<Problem> Warnings { get; } = [];

    /// <summary>Notes an error; behind a hundred, nobody reads on.</summary>
    public void Error(Mark at, string path, string message) => Add(Errors, new(file, (int)at.Line, (int)at.Column, path, message));

    public void Error(YamlNode at, string path, string message) => Error(at.Start, path, message);

    public void Warning(YamlNode at, string path, string message) => Add(Warnings, new(file, (int)at.Start.Line, (int)at.Start.Column, path, message));

    public void Mark(string path, YamlNode node) => _marks[path] = node.Start;

    /// <summary>Reports what the rules found.</summary>
    public void Error(PipelineError error) => Add(Errors, PlaceOf(error));

    /// <summary>What rules found, at the place of the path or of the nearest part of it that stands in the text.</summary>
    public Problem PlaceOf(PipelineError error)
    {
        var known = error.Path;
        while (known.Length > 0 && !_marks.ContainsKey(known)) known = known[..Math.Max(0, known.LastIndexOf('.'))];
        var at = _marks.GetValueOrDefault(known, new Mark(0, 1, 1));
        return new(file, (int)at.Line, (int)at.Column, error.Path, error.Message);
    }

    // A message may quote what stands in the text.
    private static void Add(List<Problem> problems, Problem problem)
    {
        if (problems.Count == MostProblems) return;
        problems.Add(problem.Message.Length <= LongestMessage ? problem : problem with { Message = problem.Message[..(LongestMessage - 3)] + "..." });
    }
}
