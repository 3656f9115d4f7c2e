namespace Conductor.Files.Folders;

/// <summary>A record's offset: its file's number in the order of finding, then the number of the value in the file.</summary>
internal static class FolderOffset
{
    /// <summary>Room for four thousand million values in a file.</summary>
    public const int ValueBits = 32;

    public static long Of(int file, long value) => ((long)file << ValueBits) + value;

    public static int FileOf(long offset) => (int)(offset >> ValueBits);

    public static long ValueOf(long offset) => offset & uint.MaxValue;
}
