using System.Globalization;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Files.AvroFiles;

/// <summary>Names of the files of one sink and one partition; they sort by offset, and the same records get the same name.</summary>
internal sealed class FileNames
{
    // The @ before the offset occurs in no stem, so that no sink takes another's files for its own.
    private readonly string _folder;
    private readonly string _stem;

    public FileNames(string folder, string owner, SinkPartition partition)
    {
        _folder = folder;
        _stem = FileStem.Fitted($"{Uri.EscapeDataString(owner)}.{Uri.EscapeDataString(partition.Source)}-{partition.Partition:D3}");
    }

    public string Folder => _folder;

    /// <summary>Held by whoever opens, commits or finishes.</summary>
    public string Lock => Path.Combine(_folder, $".{_stem}.lock");

    /// <summary>Holds a <see cref="FenceRecord"/>.</summary>
    public string Fence => Path.Combine(_folder, $".{_stem}.fence");

    public string Finished(long first, long epoch) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{_stem}@{first:D19}.e{epoch}.avro"));

    public IEnumerable<string> Parts() => Directory.EnumerateFiles(_folder, $"{_stem}@*.avro.part");

    public IEnumerable<string> AllFinished() => Directory.EnumerateFiles(_folder, $"{_stem}@*.avro");

    public string InFolder(string name) => Path.Combine(_folder, name);
}
