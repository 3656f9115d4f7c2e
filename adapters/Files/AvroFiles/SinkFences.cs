namespace Conductor.Files.AvroFiles;

/// <summary>What sinks leave beside their files to shut out earlier writers.</summary>
public static class SinkFences
{
    /// <summary>
    /// Removes the fences of a sink whose owner's name is never used again; finished files stay. Fences of partitions whose names are too long for a
    /// file's are told apart by a digest, and stay as well.
    /// </summary>
    public static void Delete(AvroFilesSinkOptions options)
    {
        if (!Directory.Exists(options.Folder)) return;
        var owner = $".{Uri.EscapeDataString(options.Owner)}.";
        foreach (var file in Directory.EnumerateFiles(options.Folder, ".*").Where(f => IsFenceOf(Path.GetFileName(f), owner)).ToList()) File.Delete(file);
    }

    private static bool IsFenceOf(string name, string owner) => name.StartsWith(owner, StringComparison.Ordinal)
        && (name.EndsWith(".fence", StringComparison.Ordinal) || name.EndsWith(".lock", StringComparison.Ordinal));
}
