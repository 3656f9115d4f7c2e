using Aspire.Hosting;
using Conductor.Hosting.Processes;

namespace Conductor.Hosting.Composition;

/// <summary>Where a run keeps its engines' data, logs, secrets and the record of its processes.</summary>
internal sealed class DataFolder(string path)
{
    private readonly Lock _lock = new();

    public string Path { get; } = path;

    public string Logs => System.IO.Path.Combine(Path, "logs");

    public string Processes => System.IO.Path.Combine(Path, "processes");

    public static DataFolder Of(IDistributedApplicationBuilder builder) => ((AppHostBuilder)builder).Data;

    public string Engine(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Takes the folder for this process, until the result is disposed or the process ends.</summary>
    /// <exception cref="DistributedApplicationException">Another run has it.</exception>
    public IDisposable Take()
    {
        Directory.CreateDirectory(Path);
        var file = System.IO.Path.Combine(Path, "lock");
        try
        {
            // FileShare.None is an advisory lock (flock), which the kernel gives back when the process ends, however that happens.
            var taken = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            return taken;
        }
        catch (IOException e)
        {
            throw new DistributedApplicationException($"Another run uses {Path}. Stop it with ./run --stop --data {Path}, or give this one a folder and ports of its own: --data DIR --port-offset N", e);
        }
    }

    /// <summary>A value that is made up once and kept, readable by its owner alone.</summary>
    public string Secret(string name, Func<string> make)
    {
        lock (_lock)
        {
            var file = System.IO.Path.Combine(Path, "secrets", name);
            if (File.Exists(file)) return File.ReadAllText(file);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            var value = make();
            OwnerOnlyFile.Write(file, value);
            return value;
        }
    }
}
