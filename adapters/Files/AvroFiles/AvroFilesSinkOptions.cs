using Conductor.Domain.Avro.Containers;

namespace Conductor.Files.AvroFiles;

/// <summary>Where and how a sink writes its files.</summary>
public sealed record AvroFilesSinkOptions
{
    /// <summary>The folder; created when needed. Several sinks may share it.</summary>
    public required string Folder { get; init; }

    /// <summary>Names the sink among all that may ever write there, such as <c>pipeline.component.sink</c>; every file's name begins with it.</summary>
    public required string Owner { get; init; }

    /// <summary>How blocks are compressed.</summary>
    public ContainerCodec Codec { get; init; }

    /// <summary>A file is finished when it holds so many bytes; also at every flush.</summary>
    public long MaxFileBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>A file is finished when it holds so many values.</summary>
    public int MaxFileRecords { get; init; } = 100_000;

    /// <summary>A block is written when it holds so many bytes.</summary>
    public int BlockBytes { get; init; } = 1024 * 1024;
}
