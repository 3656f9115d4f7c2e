using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Conductor.Fuzzing;

/// <summary>Changes a sound body in a few places, or breaks it as a text.</summary>
internal static class JsonMutation
{
    // What JSON nodes cannot hold (numbers out of range, half surrogates) stands in for itself until the text is made.
    private const string Mark = "@@raw";
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 200_000, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Apply(Random random, string sample, IReadOnlyList<string> fields)
    {
        var root = new JsonObject { ["root"] = JsonNode.Parse(sample) };
        var raw = new List<string>();
        for (var changes = random.Next(4); changes > 0; changes--) Change(random, root, raw, fields);
        var text = new StringBuilder((root["root"]?.ToJsonString(Deep)) ?? "null");
        for (var i = raw.Count - 1; i >= 0; i--) text.Replace($"\"{Mark}{i}.\"", raw[i]);
        return Broken(random, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>Bytes that are, one time in ten, cut, flipped, doubled or replaced.</summary>
    public static byte[] Broken(Random random, byte[] body)
    {
        if (random.Next(10) != 0 || body.Length == 0) return body;
        switch (random.Next(6))
        {
            case 0: return body[..random.Next(body.Length)];
            case 1: body[random.Next(body.Length)] = (byte)random.Next(256); return body;
            case 2: return [.. body, .. body];
            case 3: random.NextBytes(body); return body;
            case 4: return [0xEF, 0xBB, 0xBF, .. body];
            default: return Encoding.UTF8.GetBytes(HostileValues.Json(random));
        }
    }

    private static void Change(Random random, JsonObject root, List<string> raw, IReadOnlyList<string> fields)
    {
        var places = new List<(JsonNode Parent, string? Key, int Index)>();
        Collect(root, places);
        var (parent, key, index) = random.Choose(places);
        var value = JsonValue.Create($"{Mark}{raw.Count}.");
        raw.Add(HostileValues.Json(random));
        switch (random.Next(8))
        {
            case 0 when key is not null and not "root": ((JsonObject)parent).Remove(key); break;
            case 1 or 2 when parent is JsonObject target && key != "root": target[random.Choose(fields)] = value; break;
            case 3 when parent is JsonArray list: list.Add(list[index]?.DeepClone()); break;
            case 4 when parent is JsonArray list: list.Insert(index, value); break;
            default:
                if (key is not null) parent[key] = value;
                else parent[index] = value;
                break;
        }
    }

    private static void Collect(JsonNode node, List<(JsonNode Parent, string? Key, int Index)> places)
    {
        if (node is JsonObject map)
        {
            foreach (var (key, value) in map)
            {
                places.Add((map, key, 0));
                if (value is not null) Collect(value, places);
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                places.Add((list, null, i));
                if (list[i] is { } value) Collect(value, places);
            }
        }
    }
}
