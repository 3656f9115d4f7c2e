using Xunit;

namespace Conductor.Testing;

/// <summary>A row of the tables in <c>docs/operations.md</c> that name the exported metrics.</summary>
/// <param name="Name">As Prometheus has it.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
/// <param name="Unit">Empty for a bare number.</param>
/// <param name="Labels">The labels that samples may carry.</param>
public sealed record MetricRow(string Name, string Type, string Unit, IReadOnlySet<string> Labels);

/// <summary>
/// The tables <c>| metric | type | unit | labels | meaning |</c> under headings of <c>docs/operations.md</c>:
/// <c>MetricTable.Of("Every service", "Workflows")</c> for a service that exports what these two say.
/// </summary>
public sealed class MetricTable
{
    private readonly Dictionary<string, MetricRow> _rows = new(StringComparer.Ordinal);

    private MetricTable() { }

    /// <summary>The rows of the tables under these headings (their text, of any level).</summary>
    public static MetricTable Of(params string[] headings)
    {
        var table = new MetricTable();
        var heading = "";
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine(Repository(), "docs", "operations.md")))
        {
            if (line.StartsWith('#')) heading = line.TrimStart('#').Trim();
            else if (headings.Contains(heading, StringComparer.Ordinal) && Row(line) is { } row)
            {
                table._rows.Add(row.Name, row);
                found.Add(heading);
            }
        }
        Assert.True(found.SetEquals(headings), $"no table of metrics under: {string.Join(", ", headings.Except(found, StringComparer.Ordinal))}");
        return table;
    }

    /// <summary>
    /// Fails unless the document and the scrape name the same metrics, with the same types, and no sample has a label that the document
    /// does not know. Use everything first: a metric appears with its first value.
    /// </summary>
    /// <param name="scrape">What the service exports.</param>
    /// <param name="unused">Documented metrics that the test did not make appear.</param>
    public void ShouldDescribe(Scrape scrape, params string[] unused)
    {
        var wrong = scrape.Metrics.Where(metric => metric.Key is not ("target_info" or "otel_scope_info")).Select(metric => Fault(metric.Key, metric.Value))
            .Concat(_rows.Keys.Except(scrape.Metrics.Keys, StringComparer.Ordinal).Except(unused, StringComparer.Ordinal)
                .Select(name => $"{name} is documented and not exported"))
            .OfType<string>().ToList();
        Assert.True(wrong.Count == 0, $"docs/operations.md and /metrics differ:\n{string.Join('\n', wrong)}");
    }

    private string? Fault(string name, (string Type, SortedSet<string> Labels) exported)
    {
        if (!_rows.TryGetValue(name, out var row)) return $"{name} ({exported.Type}; {string.Join(", ", exported.Labels)}) is exported and not documented";
        if (row.Type != exported.Type) return $"{name} is a {exported.Type}, documented as {row.Type}";
        var more = exported.Labels.Except(row.Labels, StringComparer.Ordinal).ToList();
        return more.Count == 0 ? null : $"{name} has labels that are not documented: {string.Join(", ", more)}";
    }

    private static MetricRow? Row(string line)
    {
        var cells = line.Split('|', StringSplitOptions.TrimEntries);
        if (cells.Length != 7 || !cells[1].StartsWith('`')) return null;
        var labels = cells[4].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(label => label.Trim('`'));
        return new MetricRow(cells[1].Trim('`'), cells[2], cells[3], labels.ToHashSet(StringComparer.Ordinal));
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Platform.sln"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException($"no repository above {AppContext.BaseDirectory}");
    }
}
