using System.Text.Json;

namespace Conductor.Domain.Workflows.Limits;

/// <summary>How deep JSON may nest. What is accepted can be read back, also after tasks have wrapped it.</summary>
public static class JsonLimits
{
    /// <summary>Levels that a request may have.</summary>
    public const int RequestDepth = 1000;

    /// <summary>Levels that are read and written inside. A value that tasks have wrapped beyond it cannot be built.</summary>
    public const int StoredDepth = 2000;

    /// <summary>For what is stored.</summary>
    public static JsonDocumentOptions Document { get; } = new() { MaxDepth = StoredDepth };

    /// <summary>For what is stored.</summary>
    public static JsonReaderOptions Reader { get; } = new() { MaxDepth = StoredDepth };

    /// <summary>Reads what is stored.</summary>
    /// <exception cref="JsonException">It is not JSON, or deeper than <see cref="StoredDepth"/>.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> json) => JsonElement.Parse(json, Document);

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static JsonElement Parse(string json) => JsonElement.Parse(json, Document);
}
