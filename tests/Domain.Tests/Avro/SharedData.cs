namespace Conductor.Domain.Tests.Avro;

/// <summary>Data of other projects that lies beside the repository on some machines; tests that need it skip elsewhere.</summary>
internal static class SharedData
{
    public static string Path(string relative)
    {
        var folder = Environment.GetEnvironmentVariable("CONDUCTOR_SHARED") ?? Beside();
        var path = folder is null ? null : System.IO.Path.Combine(folder, "data", relative);
        if (path is null || !(File.Exists(path) || Directory.Exists(path))) Assert.Skip($"shared data \"{relative}\" is not on this machine");
        return path;
    }

    public static string[] Files(string relative, string pattern = "*.avro") =>
        [.. Directory.GetFiles(Path(relative), pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>Packets as ZTF publishes them, in the order of their paths.</summary>
    public static string[] Packets() => [.. Files("alerts/ztf").Where(file => !file.Contains("ampel", StringComparison.Ordinal))];

    private static string? Beside()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = System.IO.Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(System.IO.Path.Combine(candidate, "data"))) return candidate;
        }

        return null;
    }
}
