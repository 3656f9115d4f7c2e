using System.Runtime.InteropServices;
using Conductor.Files.Roots;
using Microsoft.Win32.SafeHandles;

namespace Conductor.Files.Folders;

/// <summary>A file that cannot be read now or ever, with the reason; others can.</summary>
internal sealed class UnreadableFileException(string reason) : Exception(reason);

/// <summary>Opens what was found in a folder, which may be anything.</summary>
internal static partial class SourceFile
{
    /// <summary>Stands for bytes of a name that are not UTF-8.</summary>
    public const char Unreadable = '\uFFFD';

    // <fcntl.h> of Linux, the same on every processor that .NET runs on: a FIFO without a writer opens at once, instead of never.
    private const int ReadOnlyNonBlockingCloseOnExec = 0x800 | 0x80000;

    /// <summary>Opens a regular file that lies, all links followed, where files may be read.</summary>
    /// <exception cref="UnreadableFileException">It is something else, or somewhere else, or may not be read.</exception>
    /// <exception cref="IOException">The disk, or what it is reached by, does not work now.</exception>
    public static SafeFileHandle Open(string path, FolderRoots roots, out long length)
    {
        var handle = OperatingSystem.IsLinux() ? OpenOnLinux(path) : OpenElsewhere(path);
        try
        {
            if (roots.RefusalOfReal(RealPathOf(handle, path), path) is { } refusal) throw new UnreadableFileException(refusal);
            length = RandomAccess.GetLength(handle);
            return handle;
        }
        catch (NotSupportedException)
        {
            handle.Dispose();
            throw new UnreadableFileException("it is no regular file");
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static SafeFileHandle OpenOnLinux(string path)
    {
        var handle = new SafeFileHandle(Open(path, ReadOnlyNonBlockingCloseOnExec), ownsHandle: true);
        if (!handle.IsInvalid) return handle;
        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        // <errno.h>: what is wrong with this file, in contrast to what is wrong with the disk.
        throw error switch
        {
            2 => new UnreadableFileException(path.Contains(Unreadable, StringComparison.Ordinal) ? "its name is not valid UTF-8" : "it has gone"),
            1 or 13 => new UnreadableFileException("it may not be read by this service"),
            40 => new UnreadableFileException("its symbolic links go round"),
            6 or 19 => new UnreadableFileException("it is no regular file"),
            36 => new UnreadableFileException("its name is too long"),
            _ => new IOException($"{path} cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}"),
        };
    }

    private static SafeFileHandle OpenElsewhere(string path)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (FileNotFoundException)
        {
            throw new UnreadableFileException("it has gone");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnreadableFileException(e.Message);
        }
    }

    // Asked of the open file: what its path leads to may change.
    private static string RealPathOf(SafeFileHandle handle, string path) =>
        OperatingSystem.IsLinux() && new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget is { } real ? real : RealPath.Of(path);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
