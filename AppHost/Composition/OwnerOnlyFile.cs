namespace Conductor.AppHost.Composition;

/// <summary>A file that its owner alone may read: it holds a secret.</summary>
internal static class OwnerOnlyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes it anew.</summary>
    public static void Write(string path, string text)
    {
        // A new file, so that the mode holds from its first byte on.
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
