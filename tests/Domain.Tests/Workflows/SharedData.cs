namespace Conductor.Domain.Tests.Workflows;

/// <summary>Test data that is not part of the repository.</summary>
internal static class SharedData
{
    public const string Absent = "The shared test data is absent: set CONDUCTOR_SHARED to its folder.";

    /// <summary>Its data folder, or null where it is absent.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CONDUCTOR_SHARED") is { Length: > 0 } named) return Existing(named);
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Existing(Path.Combine(folder.FullName, "shared")) is { } found) return found;
        return null;
    }

    private static string? Existing(string shared) => Directory.Exists(Path.Combine(shared, "data")) ? Path.Combine(shared, "data") : null;
}
