using System.Text.RegularExpressions;

namespace Conductor.Testing;

/// <summary>What a service exports at <c>/metrics</c>, in Prometheus's text format: each metric with its type and the labels that its samples carry.</summary>
public sealed partial class Scrape
{
    // What the exporter adds of itself.
    private static readonly HashSet<string> Added = new(StringComparer.Ordinal) { "le", "quantile" };

    private Scrape(string text) => Text = text;

    /// <summary>The response as it was.</summary>
    public string Text { get; }

    /// <summary>Type and labels by name.</summary>
    public Dictionary<string, (string Type, SortedSet<string> Labels)> Metrics { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the response of a scrape.</summary>
    public static Scrape Parse(string text)
    {
        var scrape = new Scrape(text);
        foreach (var line in text.Split('\n'))
        {
            if (Declaration().Match(line) is { Success: true } declared)
            {
                scrape.Metrics[declared.Groups["name"].Value] = (declared.Groups["type"].Value, new(StringComparer.Ordinal));
            }
            else if (Sample().Match(line) is { Success: true } sample)
            {
                scrape.Add(sample);
            }
        }
        return scrape;
    }

    private void Add(Match sample)
    {
        var name = sample.Groups["name"].Value;
        var metric = Metrics.ContainsKey(name) ? name : Suffix().Replace(name, "");
        if (!Metrics.TryGetValue(metric, out var known)) throw new FormatException($"{name} has samples and no type");
        foreach (Capture label in sample.Groups["label"].Captures)
        {
            if (!Added.Contains(label.Value) && !label.Value.StartsWith("otel_scope_", StringComparison.Ordinal)) known.Labels.Add(label.Value);
        }
    }

    [GeneratedRegex(@"^# TYPE (?<name>\S+) (?<type>\S+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Declaration();

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<label>[a-zA-Z0-9_]+)="([^"\\]|\\.)*",?)*\})? """,
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5_000)]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.NonBacktracking)]
    private static partial Regex Suffix();
}
