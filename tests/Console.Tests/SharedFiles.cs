namespace Conductor.Console.Tests;

/// <summary>Data that nobody on this project wrote: at <c>CONDUCTOR_SHARED</c>, or in a folder <c>shared</c> beside a parent of the tests.</summary>
internal static class SharedFiles
{
    public static string? Folder(string path) => Roots().Select(root => Path.Combine(root, path)).FirstOrDefault(Directory.Exists);

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("CONDUCTOR_SHARED") is { Length: > 0 } given)
            yield return given;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, "shared");
    }
}
