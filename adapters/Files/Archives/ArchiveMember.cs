using System.Text.Json;
using System.Text.Json.Serialization;

namespace Conductor.Files.Archives;

/// <summary>One gzip member of an archive's file: what one append has added. The file's index has a line of JSON for each.</summary>
internal sealed record ArchiveMember
{
    /// <summary>Whose lines the file holds: its own name may be shortened.</summary>
    public required string Name { get; init; }
    /// <summary>Where it begins in the file.</summary>
    public long Offset { get; init; }
    /// <summary>Its bytes.</summary>
    public int Length { get; init; }
    /// <summary>Lines of the file up to its end.</summary>
    public long Lines { get; init; }
    /// <summary>What its lines are about, in their order.</summary>
    public required IReadOnlyList<Guid> Ids { get; init; }

    /// <summary>Where the next one begins.</summary>
    [JsonIgnore]
    public long End => Offset + Length;

    public byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, ArchiveJson.Default.ArchiveMember), (byte)'\n'];

    /// <summary>Null where the line is none.</summary>
    public static ArchiveMember? Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ArchiveJson.Default.ArchiveMember);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ArchiveMember))]
internal sealed partial class ArchiveJson : JsonSerializerContext;
