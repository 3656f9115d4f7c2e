namespace Conductor.Recipes.Tests;

/// <summary>A file of a recipe, or lines that go into one: what follows its first comment in a fenced block of a document.</summary>
/// <param name="Path">Where it goes, from the repository's root.</param>
/// <param name="Before">The beginning of the line that the text goes before; null for a whole file.</param>
/// <param name="Text">What it holds.</param>
internal sealed record RecipeFile(string Path, string? Before, string Text)
{
    private const string Place = ", before: ";

    /// <summary>The files of a Markdown document, in its order.</summary>
    /// <exception cref="FormatException">A fenced block does not begin with a comment that names its file.</exception>
    public static IReadOnlyList<RecipeFile> Read(string markdown)
    {
        var files = new List<RecipeFile>();
        var isInside = false;
        foreach (var line in markdown.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                if (!isInside && line is "```csharp") files.Add(new("", Before: null, ""));
                isInside = !isInside && line is "```csharp";
            }
            else if (isInside && Named(line) is { } named)
            {
                if (files[^1].Path.Length > 0) files.Add(named);
                else files[^1] = named;
            }
            else if (isInside)
            {
                if (files[^1].Path.Length == 0) throw new FormatException($"a block begins with '{line}', which names no file");
                files[^1] = files[^1] with { Text = files[^1].Text + line + "\n" };
            }
        }
        return files;
    }

    /// <summary>Writes it below a root.</summary>
    public void Put(string root)
    {
        var file = System.IO.Path.Combine(root, Path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, Before is null ? Text : Insert(File.ReadAllLines(file)));
    }

    private string Insert(string[] lines)
    {
        var at = Array.FindIndex(lines, line => line.TrimStart().StartsWith(Before!, StringComparison.Ordinal));
        if (at < 0) throw new FormatException($"no line of {Path} begins with {Before}");
        return string.Join('\n', [.. lines[..at], Text.TrimEnd('\n'), .. lines[at..], ""]);
    }

    private static RecipeFile? Named(string line)
    {
        var comment = line switch
        {
            ['/', '/', ' ', .. var rest] => rest,
            ['-', '-', ' ', .. var rest] => rest,
            ['<', '!', '-', '-', ' ', .. var rest, ' ', '-', '-', '>'] => rest,
            _ => null,
        };
        var parts = comment?.Split(Place, 2);
        return parts is [var path, ..] && path.Contains('/', StringComparison.Ordinal) && !path.Contains(' ', StringComparison.Ordinal)
            ? new(path, parts.Length > 1 ? parts[1] : null, "")
            : null;
    }
}
