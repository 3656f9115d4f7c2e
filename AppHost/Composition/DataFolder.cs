using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration;

namespace Conductor.AppHost.Composition;

/// <summary>Where a run keeps its engines' data, logs, secrets and the record of its processes.</summary>
internal sealed class DataFolder(string path) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private FileStream? _lock;

    public string Root => path;

    public string Logs => Path.Combine(Root, "logs");

    /// <summary>See <see cref="Supervision.ProcessRecord"/>.</summary>
    public string Processes => Path.Combine(Root, "processes");

    private string Ready => Path.Combine(Root, "ready");

    /// <summary>The folder that <c>--data</c> names, or <c>.data</c> beside the AppHost's folder.</summary>
    public static DataFolder Of(IConfiguration configuration) =>
        new(Path.GetFullPath(configuration["data"] ?? ".data", Path.GetFullPath("..", Projects.AppHost.ProjectPath)));

    /// <summary>Takes the folder for this process, until <see cref="Release"/> or the end of the process.</summary>
    /// <exception cref="DistributedApplicationException">Another run has it.</exception>
    public void Take()
    {
        Directory.CreateDirectory(Logs, OwnerOnly);
        // The engines run as users of their own: they pass through, and see nothing else.
        File.SetUnixFileMode(Root, OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        try
        {
            // FileShare.None is an advisory lock (flock), which the kernel gives back when the process ends, however that happens.
            _lock = new FileStream(Path.Combine(Root, "lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new DistributedApplicationException(
                $"Another run uses {Root}: ./run --stop --data {Root} stops it, --data DIR --port-offset N gives this one its own", e);
        }
    }

    /// <summary>Gives the folder back. The record of processes stays: <c>./run</c> looks whether one of them still lives.</summary>
    public void Release()
    {
        if (_lock is null) return;
        File.Delete(Ready);
        _lock.Dispose();
        _lock = null;
    }

    /// <summary>The end of an orderly run, whose processes have all ended.</summary>
    public void Dispose()
    {
        if (_lock is not null) File.Delete(Processes);
        Release();
    }

    /// <summary>A secret that is made up once and kept, readable by its owner alone.</summary>
    /// <param name="name">Path of its file under this folder.</param>
    public string Secret(string name)
    {
        var file = Path.Combine(Root, name);
        if (File.Exists(file)) return File.ReadAllText(file);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!, OwnerOnly);
        var value = new GenerateParameterDefault { MinLength = 32, Special = false }.GetDefaultValue();
        WriteForOwner(file, value);
        return value;
    }

    /// <summary>Keeps the line that said that all is ready; the links in it log in.</summary>
    public void NoteReady(string line) => WriteForOwner(Ready, line);

    private static void WriteForOwner(string file, string text)
    {
        // A new file, so that nobody else may read it from its first byte on.
        File.Delete(file);
        var mode = OwnerOnly & ~UnixFileMode.UserExecute;
        using var writer = new StreamWriter(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode });
        writer.Write(text);
    }
}

/// <summary>A secret that is made up once per data folder; Aspire's own way is once per user.</summary>
internal sealed class KeptSecret(DataFolder data, string file) : ParameterDefault
{
    public override string GetDefaultValue() => data.Secret(file);

    public override void WriteToManifest(ManifestPublishingContext context) =>
        new GenerateParameterDefault { MinLength = 32, Special = false }.WriteToManifest(context);
}
