using System.Globalization;
using Conductor.Domain.Streams.Pipelines;

namespace Conductor.Domain.Streams.Alerts;

/// <summary>Takes parameters out of a definition and notes what is wrong with them.</summary>
internal sealed class ProcessorParameters(IReadOnlyDictionary<string, IReadOnlyList<string>> parameters)
{
    private readonly HashSet<string> _known = [];
    private readonly List<PipelineError> _problems = [];

    public void Problem(string name, string message) => _problems.Add(new PipelineError($"parameters.{name}", message));

    /// <summary>Everything that is wrong, names that nobody asked for included.</summary>
    public IReadOnlyList<PipelineError> Finish()
    {
        foreach (var name in parameters.Keys.Where(name => !_known.Contains(name)))
        {
            Problem(name, $"unknown parameter '{name}'; known are {string.Join(", ", _known)}");
        }

        return _problems;
    }

    public IReadOnlyList<string> Texts(string name)
    {
        _known.Add(name);
        return parameters.GetValueOrDefault(name) ?? [];
    }

    public string Required(string name)
    {
        var text = Single(name);
        if (string.IsNullOrWhiteSpace(text)) Problem(name, $"'{name}' is needed");
        return text ?? "";
    }

    public decimal? Number(string name)
    {
        var text = Single(name);
        if (text is null) return null;
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return number;
        Problem(name, $"'{text}' is not a number");
        return null;
    }

    public T Choice<T>(string name, string otherwise, Dictionary<string, T> choices)
    {
        var text = Single(name) ?? otherwise;
        if (choices.TryGetValue(text, out var choice)) return choice;
        Problem(name, $"'{text}' is not one of {string.Join(", ", choices.Keys.Where(key => key.Length > 0))}");
        return choices[otherwise];
    }

    private string? Single(string name)
    {
        var texts = Texts(name);
        if (texts.Count > 1) Problem(name, $"'{name}' takes one value");
        return texts.Count == 0 ? null : texts[0];
    }
}
