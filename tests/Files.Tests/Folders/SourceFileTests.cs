using System.Runtime.InteropServices;
using Conductor.Files.Folders;
using Conductor.Files.Roots;

namespace Conductor.Files.Tests.Folders;

public sealed class SourceFileTests : IDisposable
{
    private const int Nobody = 65534;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_may_not_be_read_is_told_so()
    {
        File.WriteAllText(_folder["a.avro"], "");
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(_folder["a.avro"], UnixFileMode.None);
        Exception? refusal = null;
        // A thread of its own, for root may read everything, and what it gives up is gone for the thread.
        var thread = new Thread(() =>
        {
            _ = ActOnFilesAs(Nobody);
            refusal = Record.Exception(() => SourceFile.Open(_folder["a.avro"], new FolderRoots(_folder.Path, "sources", []), out _).Dispose());
        });
        thread.Start();
        thread.Join();
        refusal.ShouldBeOfType<UnreadableFileException>().Message.ShouldBe("it may not be read by this service");
    }

    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ActOnFilesAs(int user);
}
