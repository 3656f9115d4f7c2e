namespace Conductor.Files;

/// <summary>Files that one process holds at a time; the system gives them back when it dies.</summary>
internal static class LockFile
{
    /// <summary>Takes one, or null while somebody else holds it.</summary>
    /// <exception cref="IOException">It cannot be taken for another reason, such as a full disk.</exception>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    // EWOULDBLOCK of flock(2) on Linux and on macOS, a sharing violation on Windows.
    private static bool IsHeld(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);
}
