using System.Runtime.CompilerServices;

namespace Conductor.Architecture.Tests.Sources;

/// <summary>The sources of the repository, without what builds and runs leave behind.</summary>
internal static class SourceTree
{
    private static readonly string[] Left = ["bin", "obj"];

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));

    /// <summary>All C# and Razor files.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } = [.. Below(Root, "").OrderBy(f => f.Path, StringComparer.Ordinal)];

    private static IEnumerable<SourceFile> Below(string folder, string path)
    {
        foreach (var file in Directory.EnumerateFiles(folder)
            .Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal)))
            yield return new SourceFile(path + Path.GetFileName(file), File.ReadAllText(file));
        foreach (var below in Directory.EnumerateDirectories(folder))
        {
            var name = Path.GetFileName(below);
            if (name.StartsWith('.') || Left.Contains(name)) continue;
            foreach (var file in Below(below, $"{path}{name}/")) yield return file;
        }
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
