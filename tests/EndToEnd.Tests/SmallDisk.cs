using System.Diagnostics;

namespace Conductor.EndToEnd.Tests;

/// <summary>A disk in memory that can be filled. Skips where a test may not mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly int _megabytes;

    private SmallDisk(string path, int megabytes) => (Path, _megabytes) = (path, megabytes);

    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    public static SmallDisk Mount(int megabytes)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may mount the disk of this test");
        var path = Directory.CreateTempSubdirectory("conductor-disk-").FullName;
        var answer = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=755", "tmpfs", path);
        Assert.SkipUnless(answer.Length == 0, $"the disk of this test cannot be mounted here: {answer}");
        return new(path, megabytes);
    }

    /// <summary>Takes all of its space; again, what has become free since.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append);
        var block = new byte[1 << 20];
        try
        {
            for (var i = 0; i <= _megabytes; i++)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // That is what was wanted.
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public void Dispose()
    {
        Run("umount", Path);
        Directory.Delete(Path);
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var problem = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return problem.Trim();
    }
}
