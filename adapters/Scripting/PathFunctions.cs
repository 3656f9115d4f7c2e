using Newtonsoft.Json.Linq;

namespace Conductor.Scripting;

/// <summary>The functions that Jayway's JsonPath knows at the end of a path.</summary>
internal static class PathFunctions
{
    public static JToken? Apply(string function, JToken? value) => function switch
    {
        "length" or "size" => value switch
        {
            JArray list => new JValue(list.Count),
            JObject map => new JValue(map.Count),
            JValue { Type: JTokenType.String } text => new JValue(((string)text!).Length),
            _ => null,
        },
        "keys" => value is JObject keyed ? new JArray(keyed.Properties().Select(property => property.Name)) : null,
        "first" => (value as JArray)?.First,
        "last" => (value as JArray)?.Last,
        "sum" => Number(value, numbers => numbers.Sum()),
        "avg" => Number(value, numbers => numbers.Average()),
        "min" => Number(value, numbers => numbers.Min()),
        "max" => Number(value, numbers => numbers.Max()),
        _ => null,
    };

    private static JValue? Number(JToken? value, Func<IEnumerable<double>, double> fold)
    {
        var numbers = (value as JArray)?.Where(item => item.Type is JTokenType.Integer or JTokenType.Float).Select(item => (double)item).ToList();
        return numbers is { Count: > 0 } ? new JValue(fold(numbers)) : null;
    }
}
