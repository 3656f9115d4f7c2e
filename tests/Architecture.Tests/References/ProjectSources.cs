using System.Xml.Linq;
using Conductor.Architecture.Tests.Sources;

namespace Conductor.Architecture.Tests.References;

/// <summary>A project with its sources, tests and benchmarks among them.</summary>
/// <param name="Folder">Below the root, with a slash at its end.</param>
/// <param name="References">Names of the projects that it references.</param>
/// <param name="Imports">Namespaces that its project files import into every source.</param>
/// <param name="Files">Its sources, without those of projects in folders below, and those of others that it compiles as well.</param>
internal sealed record ProjectSources(
    string Name, string Folder, IReadOnlyList<string> References, IReadOnlyList<string> Imports, IReadOnlyList<SourceFile> Files)
{
    public static IReadOnlyList<ProjectSources> Read(string root, IReadOnlyList<SourceFile> files)
    {
        var projects = Directory.EnumerateFiles(root, "*.csproj", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/')).Where(f => !f.Split('/').Any(part => part.StartsWith('.'))).ToList();
        var folders = projects.ConvertAll(f => f[..(f.LastIndexOf('/') + 1)]);
        var owned = files.ToLookup(file => folders.Where(f => file.Path.StartsWith(f, StringComparison.Ordinal)).MaxBy(f => f.Length));
        return projects.ConvertAll(project => Of(root, project, files, owned[project[..(project.LastIndexOf('/') + 1)]]));
    }

    private static ProjectSources Of(string root, string project, IReadOnlyList<SourceFile> all, IEnumerable<SourceFile> own)
    {
        var xml = XDocument.Load(Path.Combine(root, project));
        var linked = Includes(xml, "Compile").SelectMany(list => list.Split(';'))
            .Select(file => Path.GetRelativePath(root, Path.GetFullPath(file, Path.GetDirectoryName(Path.Combine(root, project))!))).ToHashSet();
        return new ProjectSources(
            Path.GetFileNameWithoutExtension(project),
            project[..(project.LastIndexOf('/') + 1)],
            [.. Includes(xml, "ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Replace('\\', '/')))],
            [.. Includes(xml, "Using")],
            [.. own, .. all.Where(file => linked.Contains(file.Path))]);
    }

    private static IEnumerable<string> Includes(XDocument xml, string element) =>
        xml.Descendants(element).Select(e => e.Attribute("Include")?.Value).OfType<string>();
}
