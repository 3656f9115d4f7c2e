using Conductor.Domain.Avro.Containers;
using Conductor.Files.Roots;

namespace Conductor.Files.AvroFiles;

/// <summary>Where and how a sink writes its files.</summary>
public sealed record AvroFilesSinkOptions
{
    /// <summary>The folder; created when needed. Several sinks may share it.</summary>
    public required string Folder { get; init; }

    /// <summary>The folders that may be written.</summary>
    public required FolderRoots Roots { get; init; }

    /// <summary>Names the sink among all that may ever write there, such as <c>pipeline.component.sink</c>; every file's name begins with it.</summary>
    public required string Owner { get; init; }

    /// <summary>How blocks are compressed.</summary>
    public ContainerCodec Codec { get; init; }

    /// <summary>A file is finished when it holds so many bytes.</summary>
    public long MaxFileBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>A file is finished when it holds so many values.</summary>
    public int MaxFileRecords { get; init; } = 100_000;

    /// <summary>A file is finished so long after its beginning, twice as long at the latest; zero finishes files at every flush.</summary>
    public TimeSpan MaxFileAge { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>So many files are open at once, one for each schema that is met; the one that was used the longest ago is finished for another.</summary>
    public int MaxOpenFiles { get; init; } = 32;

    /// <summary>A block is written when it holds so many bytes.</summary>
    public int BlockBytes { get; init; } = 256 * 1024;
}
