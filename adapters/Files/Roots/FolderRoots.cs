namespace Conductor.Files.Roots;

/// <summary>
/// The folders that may be read and written: a folder of the service's own and what its configuration names. Anything else is refused, also where a
/// symbolic link within them leads elsewhere.
/// </summary>
public sealed class FolderRoots
{
    private readonly string _home;
    private readonly string _private;
    private readonly string[] _roots;

    /// <summary>Names the folders.</summary>
    /// <param name="home">The service's own; relative paths are below it.</param>
    /// <param name="privately">A folder of its own below it that nobody else may use.</param>
    /// <param name="others">More folders that may be used; relative ones are below the first.</param>
    public FolderRoots(string home, string privately, IEnumerable<string> others)
    {
        _home = Path.GetFullPath(home);
        _private = Resolve(privately);
        _roots = [_home, .. others.Select(Resolve)];
    }

    /// <summary>A folder's full path.</summary>
    public string Resolve(string folder) => Path.GetFullPath(folder, _home);

    /// <summary>Why a folder may not be used, or null where it may. It need not exist.</summary>
    public string? RefusalOf(string folder)
    {
        if (folder.Contains('\0', StringComparison.Ordinal)) return "a folder's path holds no NUL";
        try
        {
            return RefusalOfReal(RealPath.Of(Resolve(folder)), folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the folder {folder} cannot be used: {e.Message}";
        }
    }

    /// <summary>The full path of a folder that may be used.</summary>
    /// <exception cref="UnauthorizedAccessException">It may not.</exception>
    public string Demand(string folder) => RefusalOf(folder) is { } refusal ? throw new UnauthorizedAccessException(refusal) : Resolve(folder);

    internal string? RefusalOfReal(string path, string shown)
    {
        if (RealPath.IsWithin(path, RealPath.Of(_private))) return $"{shown} is the service's own";
        return _roots.Any(root => RealPath.IsWithin(path, RealPath.Of(root)))
            ? null
            : $"{shown} lies in none of the folders that may be used ({string.Join(", ", _roots)}); Pipelines:Folders names more";
    }
}
