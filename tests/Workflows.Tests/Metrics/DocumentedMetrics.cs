using System.Runtime.CompilerServices;

namespace Conductor.Workflows.Tests.Metrics;

/// <summary>The table of metrics in docs/operations.md, compared with what a service exports.</summary>
internal static class DocumentedMetrics
{
    /// <summary>Every exported metric of ours is documented with its type, and every documented one of the workflows is exported.</summary>
    public static void Check(string metrics)
    {
        var documented = Rows().ToHashSet();
        var exported = metrics.Split('\n').Where(l => l.StartsWith("# TYPE conductor_", StringComparison.Ordinal))
            .Select(l => l.Split(' ')).Select(w => (Name: w[2], Type: w[3].Trim())).ToHashSet();
        exported.Except(documented).ShouldBeEmpty();
        documented.Where(d => d.Name.StartsWith("conductor_workflows_", StringComparison.Ordinal)).Except(exported).ShouldBeEmpty();
    }

    private static IEnumerable<(string Name, string Type)> Rows() =>
        from line in File.ReadLines(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../docs/operations.md"))
        where line.StartsWith("| `conductor.", StringComparison.Ordinal)
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        let name = cells[1].Trim('`').Replace('.', '_') + (cells[3] == "s" ? "_seconds" : "")
        select (cells[2] == "counter" ? name + "_total" : name, cells[2]);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
