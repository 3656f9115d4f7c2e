using System.Text.Json;

namespace Conductor.Scripting.JsonPath;

/// <summary>The functions that Jayway's JsonPath knows.</summary>
internal static class PathFunctions
{
    public static bool IsKnown(string name) => name is "length" or "size" or "keys" or "first" or "last" or "index" or "append" or "concat"
        or "sum" or "avg" or "min" or "max" or "stddev";

    /// <exception cref="PathFailedException">The function makes nothing of the value.</exception>
    public static JsonElement Apply(string name, JsonElement value, IReadOnlyList<JsonElement> arguments) => name switch
    {
        "length" or "size" => value.ValueKind switch
        {
            JsonValueKind.Array => JsonValues.Of(value.GetArrayLength()),
            JsonValueKind.Object => JsonValues.Of(value.GetPropertyCount()),
            _ => JsonValues.Null,
        },
        "keys" => value.ValueKind == JsonValueKind.Object
            ? JsonValues.List(value.EnumerateObject().Select(property => JsonValues.Of(property.Name)))
            : JsonValues.Null,
        "first" => Item(value, 0),
        "last" => Item(value, -1),
        "index" => Item(value, arguments is [{ ValueKind: JsonValueKind.Number } index] && index.TryGetInt32(out var at) ? at : throw NothingToCount()),
        "append" => value.ValueKind == JsonValueKind.Array ? JsonValues.List(value.EnumerateArray().Concat(arguments)) : value,
        "concat" => JsonValues.Of(string.Concat(Items(value).Concat(arguments.SelectMany(Flat)).Where(IsText).Select(item => item.GetString()))),
        "sum" => Fold(value, arguments, numbers => numbers.Sum()),
        "avg" => Fold(value, arguments, numbers => numbers.Average()),
        "min" => Fold(value, arguments, numbers => numbers.Min()),
        "max" => Fold(value, arguments, numbers => numbers.Max()),
        _ => Fold(value, arguments, Deviation),
    };

    private static JsonElement Item(JsonElement value, int index)
    {
        if (value.ValueKind != JsonValueKind.Array) throw NothingToCount();
        var length = value.GetArrayLength();
        var at = index < 0 ? length + index : index;
        // Jayway never reaches the first item from the end.
        return at < length && (index >= 0 || at > 0) ? value[at] : throw NothingToCount();
    }

    private static JsonElement Fold(JsonElement value, IReadOnlyList<JsonElement> arguments, Func<List<double>, double> fold)
    {
        var items = Items(value).Concat(arguments.SelectMany(Flat));
        var numbers = items.Where(item => item.ValueKind == JsonValueKind.Number).Select(item => item.GetDouble()).ToList();
        return numbers.Count > 0 ? JsonValues.Of(fold(numbers)) : throw NothingToCount();
    }

    private static double Deviation(List<double> numbers)
    {
        var (sum, squares) = (numbers.Sum(), numbers.Sum(number => number * number));
        return Math.Sqrt(squares / numbers.Count - sum * sum / numbers.Count / numbers.Count);
    }

    private static IEnumerable<JsonElement> Items(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    private static IEnumerable<JsonElement> Flat(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String;

    private static PathFailedException NothingToCount() => new("The function has nothing to count");
}
