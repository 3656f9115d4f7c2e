using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Files.AvroFiles;

/// <summary>Names of the files of one sink and one partition; they sort by offset, and the same records get the same name.</summary>
internal sealed class FileNames
{
    // The @ before the offset occurs in no stem, so that no sink takes another's files for its own.
    private const int LongestStem = 160;
    private readonly string _folder;
    private readonly string _stem;

    public FileNames(string folder, string owner, SinkPartition partition)
    {
        _folder = folder;
        var stem = $"{Uri.EscapeDataString(owner)}.{Uri.EscapeDataString(partition.Source)}-{partition.Partition:D3}";
        // File systems stop at 255 bytes; a long name keeps its beginning and is told apart by a digest.
        _stem = stem.Length <= LongestStem
            ? stem
            : $"{stem[..(LongestStem - 17)]}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stem)))[..16]}";
    }

    /// <summary>Held by whoever opens or finishes.</summary>
    public string Lock => Path.Combine(_folder, $".{_stem}.lock");

    /// <summary>The latest writer's epoch, and how far finished files go.</summary>
    public string Fence => Path.Combine(_folder, $".{_stem}.fence");

    public string Finished(long first, long epoch) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{_stem}@{first:D19}.e{epoch}.avro"));

    public IEnumerable<string> Parts() => Directory.EnumerateFiles(_folder, $"{_stem}@*.avro.part");

    /// <summary>The finished file with the highest offsets, or null.</summary>
    public string? LastFinished() => Directory.EnumerateFiles(_folder, $"{_stem}@*.avro").Max(StringComparer.Ordinal);
}
