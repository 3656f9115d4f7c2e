using System.Collections.Frozen;
using System.Text.Json;

namespace Conductor.Domain.Workflows.Definitions;

internal static class JsonMaps
{
    public static readonly IReadOnlyDictionary<string, JsonElement> Empty = FrozenDictionary<string, JsonElement>.Empty;
}
