using Microsoft.Extensions.Configuration;

namespace Conductor.AppHost.Composition;

/// <summary>Where a run keeps its engines' data, logs, secrets and the record of its processes.</summary>
internal sealed class DataFolder(string path)
{
    public string Path { get; } = path;

    public string Logs => System.IO.Path.Combine(Path, "logs");

    /// <summary>See <see cref="Supervision.ProcessRecord"/>.</summary>
    public string Processes => System.IO.Path.Combine(Path, "processes");

    /// <summary>The line that said that all is ready, for <c>./run --status</c>.</summary>
    public string Ready => System.IO.Path.Combine(Path, "ready");

    /// <summary>The folder that <c>--data</c> names, or <c>.data</c> beside the AppHost's folder.</summary>
    public static DataFolder Of(IConfiguration configuration) =>
        new(System.IO.Path.GetFullPath(configuration["data"] ?? ".data", System.IO.Path.GetFullPath("..", Projects.AppHost.ProjectPath)));

    /// <summary>Takes the folder for this process, until the result is disposed or the process ends.</summary>
    /// <exception cref="DistributedApplicationException">Another run has it.</exception>
    public IDisposable Take()
    {
        Directory.CreateDirectory(Path);
        // The engines run as users of their own: they pass through, and see nothing else.
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        try
        {
            // FileShare.None is an advisory lock (flock), which the kernel gives back when the process ends, however that happens.
            return new FileStream(System.IO.Path.Combine(Path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
        {
            throw new DistributedApplicationException(
                $"Another run uses {Path}. Stop it with ./run --stop --data {Path}, or give this one a folder and ports of its own: --data DIR --port-offset N", e);
        }
    }

    /// <summary>A secret that is made up once and kept, readable by its owner alone.</summary>
    /// <param name="name">Path of its file under this folder.</param>
    public string Secret(string name)
    {
        var file = System.IO.Path.Combine(Path, name);
        if (File.Exists(file)) return File.ReadAllText(file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        var value = new GenerateParameterDefault { MinLength = 32, Special = false }.GetDefaultValue();
        OwnerOnlyFile.Write(file, value);
        return value;
    }
}
