using Conductor.Files.Roots;

namespace Conductor.Files.Folders;

/// <summary>What a folder source reads, and where it notes how far it is.</summary>
public sealed record FolderSourceOptions
{
    /// <summary>The folder with the packets; it may be read-only.</summary>
    public required string Folder { get; init; }

    /// <summary>The folders that may be read; files elsewhere that links lead to are refused.</summary>
    public required FolderRoots Roots { get; init; }

    /// <summary>File names to take, with * and ?. Names that begin with a dot or end in <c>.part</c> or <c>.tmp</c> are never taken.</summary>
    public string Pattern { get; init; } = "*.avro";

    /// <summary>Folder of the source's own, created when needed: the order of the files, the position, the epoch.</summary>
    public required string StateFolder { get; init; }

    /// <summary>How long a file must have been left alone before it is taken as complete.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the folder is looked at.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A batch ends at so many bytes.</summary>
    public int BatchBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>A batch ends at so many records.</summary>
    public int BatchRecords { get; init; } = 500;

    /// <summary>
    /// A packet has at most so many bytes: what a broker takes at the least. A larger file is read block by block, if it holds several values.
    /// </summary>
    public int MaxPacketBytes { get; init; } = 16_000_000;
}
