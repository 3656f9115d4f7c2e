using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Conductor.Files;

/// <summary>Steps after which a power cut no longer takes anything back.</summary>
internal static partial class Durable
{
    /// <summary>Replaces a small file as a whole.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var part = path + ".part";
        using (var file = new FileStream(part, FileMode.Create, FileAccess.Write))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(part, path, overwrite: true);
        Folder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes renames, creations and deletions in a folder last.</summary>
    public static void Folder(string path)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) return;
        // .NET opens no folders; POSIX syncs them like files.
        using var handle = new SafeFileHandle(Open(path, flags: 0), ownsHandle: true);
        if (handle.IsInvalid || Sync(handle) != 0) throw new IOException($"the folder {path} cannot be made durable (error {Marshal.GetLastPInvokeError()})");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);
}
