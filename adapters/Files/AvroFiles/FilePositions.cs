using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Conductor.Files.AvroFiles;

/// <summary>
/// What a finished file says of its source: the records from <see cref="First"/> up to, but without, <see cref="Next"/> have been dealt with. Those with
/// its schema are in it, others in other files.
/// </summary>
/// <param name="Source">The topic, or the folder's own name.</param>
/// <param name="Partition">Partition of the source.</param>
/// <param name="Epoch">The writer's epoch.</param>
/// <param name="First">Offset of the first record.</param>
/// <param name="Next">Where a writer goes on.</param>
public sealed record FilePositions(string Source, int Partition, long Epoch, long First, long Next)
{
    /// <summary>The entry of a container's metadata that holds it, as JSON.</summary>
    public const string MetadataKey = "conductor.positions";

    /// <summary>Reads the entry.</summary>
    /// <exception cref="InvalidDataException">It is not what a sink writes.</exception>
    public static FilePositions Parse(ReadOnlyMemory<byte> metadata)
    {
        try
        {
            return JsonSerializer.Deserialize<FilePositions>(metadata.Span, JsonSerializerOptions.Web)
                ?? throw new InvalidDataException($"{MetadataKey} is null");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{MetadataKey} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The entry, padded so that it takes the same room whatever <see cref="Next"/> will be.</summary>
    internal byte[] ToMetadata()
    {
        var longest = ToJson(this with { Next = long.MaxValue }).Length;
        return Encoding.UTF8.GetBytes(ToJson(this).PadRight(longest));
    }

    private static string ToJson(FilePositions positions) => new JsonObject
    {
        ["source"] = positions.Source,
        ["partition"] = positions.Partition,
        ["epoch"] = positions.Epoch,
        ["first"] = positions.First,
        ["next"] = positions.Next,
    }.ToJsonString();
}
