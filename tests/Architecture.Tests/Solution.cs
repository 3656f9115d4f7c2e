using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Conductor.Architecture.Tests;

/// <summary>The projects of a tree (tests and benchmarks left out), with what they reference.</summary>
internal sealed record Solution(IReadOnlyDictionary<string, Project> Projects)
{
    public static Solution Read(string root)
    {
        if (!File.Exists(Path.Combine(root, "Platform.sln"))) throw new DirectoryNotFoundException($"{root} holds no Platform.sln");
        var files = Directory.EnumerateFiles(root, "*.csproj", SearchOption.AllDirectories)
            .Where(f => Path.GetRelativePath(root, f).Split('/') is var p && p[0] is not ("tests" or "benchmarks") && !p.Any(x => x.StartsWith('.')));
        return new Solution(files.Select(Project.Read).ToDictionary(p => p.Name));
    }

    public IEnumerable<string> Arrows => Projects.Values.SelectMany(p => p.References.Select(r => $"{p.Name} --> {r}")).Order();
}

/// <summary>One project file: names of the projects and packages that it references.</summary>
internal sealed record Project(string Name, IReadOnlyList<string> References, IReadOnlyList<string> Packages)
{
    public static Project Read(string file)
    {
        var xml = XDocument.Load(file);
        return new Project(
            Path.GetFileNameWithoutExtension(file),
            [.. Included(xml, "ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Replace('\\', '/')))],
            [.. Included(xml, "PackageReference"), .. Included(xml, "Reference")]);
    }

    // An element without Include gives others their metadata.
    private static IEnumerable<string> Included(XDocument xml, string element) =>
        xml.Descendants(element).Select(e => e.Attribute("Include")?.Value).OfType<string>();
}

/// <summary>The one Mermaid graph of docs/architecture.md.</summary>
internal sealed partial record Drawing(IReadOnlySet<string> Nodes, IReadOnlyList<string> Arrows)
{
    public static Drawing Read(string markdown)
    {
        var graph = GraphBlock().Match(markdown);
        if (!graph.Success) throw new FormatException("docs/architecture.md holds no mermaid graph");
        var lines = graph.Groups[1].Value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var arrows = lines.Select(l => Arrow().Match(l)).Where(m => m.Success).Select(m => $"{m.Groups[1].Value} --> {m.Groups[2].Value}").Order().ToList();
        var nodes = lines.SelectMany(
            l => Arrow().Match(l) is { Success: true } m ? [m.Groups[1].Value, m.Groups[2].Value] : Word().IsMatch(l) ? [l] : Array.Empty<string>());
        return new Drawing(nodes.ToHashSet(), arrows);
    }

    [GeneratedRegex("```mermaid\\s+graph \\w+\\n(.*?)```", RegexOptions.Singleline, 1000)]
    private static partial Regex GraphBlock();

    [GeneratedRegex(@"^(\w+) (?:-->|-\. starts \.->) (\w+)$", RegexOptions.None, 1000)]
    private static partial Regex Arrow();

    [GeneratedRegex(@"^\w+$", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
