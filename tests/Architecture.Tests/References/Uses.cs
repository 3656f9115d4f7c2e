using System.Text.RegularExpressions;
using Conductor.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Conductor.Architecture.Tests.References;

/// <summary>Whether a project uses another one.</summary>
internal static partial class Uses
{
    /// <summary>References of which no source names anything, nor the assembly that it starts, as <c>Project --> Reference</c>.</summary>
    public static IEnumerable<string> Unused(IReadOnlyList<ProjectSources> projects)
    {
        var declared = projects.ToDictionary(p => p.Name, Declarations.Of);
        return from project in projects
               from reference in project.References
               where !project.Files.Any(file => NamesAny(file, project, reference, declared[reference]))
               select $"{project.Name} --> {reference}";
    }

    private static bool NamesAny(SourceFile file, ProjectSources project, string reference, ILookup<string, string> declared)
    {
        if (Programs(reference).Any(program => file.Text.Contains(program, StringComparison.Ordinal))) return true;
        var visible = Visible(file, project);
        var words = Word().Matches(file.Text).Select(m => m.Value).Distinct().SelectMany(word => new[] { word, word + "Attribute" });
        return words.Any(word => declared[word].Any(space => IsVisible(space, word, visible, file)));
    }

    // How a program that is started is named: in the AppHost, and by tests.
    private static string[] Programs(string project) => [$"Projects.{project}>", $"Conductor.{project}\"", $"Conductor.{project}.dll\""];

    // Through a using, from inside the namespace, fully or partly qualified; or in a namespace of the framework, where extensions are found without.
    private static bool IsVisible(string space, string word, HashSet<string> visible, SourceFile file) =>
        visible.Contains(space) || !space.StartsWith("Conductor", StringComparison.Ordinal)
        || file.Text.Contains($"{space[(space.LastIndexOf('.') + 1)..]}.{word}", StringComparison.Ordinal);

    private static HashSet<string> Visible(SourceFile file, ProjectSources project)
    {
        var visible = file.Nodes<UsingDirectiveSyntax>().Select(u => u.NamespaceOrType.ToString()).Concat(project.Imports).ToHashSet();
        foreach (var razor in project.Files.Where(f => !f.IsCSharp)) visible.UnionWith(RazorUsing().Matches(razor.Text).Select(m => m.Groups[1].Value));
        foreach (var space in file.Nodes<BaseNamespaceDeclarationSyntax>().Select(n => n.Name.ToString()))
        {
            for (var end = space.Length; end > 0; end = space.LastIndexOf('.', end - 1)) visible.Add(space[..end]);
        }
        return visible;
    }

    [GeneratedRegex(@"\w+", RegexOptions.None, 5000)]
    private static partial Regex Word();

    [GeneratedRegex(@"^@using (?:static )?([\w.]+)", RegexOptions.Multiline, 1000)]
    private static partial Regex RazorUsing();
}
