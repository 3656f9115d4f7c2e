using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Conductor.Domain.Workflows.Expressions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Conductor.Scripting;

/// <summary>
/// JSONPath with Newtonsoft's implementation, brought to Jayway's answers: an indefinite path gives an array, a definite one its value or
/// nothing; a trailing function such as <c>.length()</c> is applied to the result.
/// </summary>
public sealed class JsonPathQuery : IPathQuery
{
    private static readonly JsonSerializerSettings Settings = new()
    {
        DateParseHandling = DateParseHandling.None,
        FloatParseHandling = FloatParseHandling.Decimal,
        Culture = CultureInfo.InvariantCulture,
        MaxDepth = 512,
    };

    private static readonly ConcurrentDictionary<string, (string Path, string? Function, bool IsDefinite)> Parsed = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public JsonElement? Select(JsonElement root, string path)
    {
        if (Parsed.Count > 10_000) Parsed.Clear();
        var (query, function, isDefinite) = Parsed.GetOrAdd(path, Parse);
        try
        {
            var document = JsonConvert.DeserializeObject<JToken>(root.GetRawText(), Settings)!;
            var found = document.SelectTokens(query, new JsonSelectSettings { ErrorWhenNoMatch = false, RegexMatchTimeout = TimeSpan.FromSeconds(1) }).ToList();
            var value = isDefinite ? found.FirstOrDefault() : new JArray(found);
            if (function is not null) value = PathFunctions.Apply(function, value);
            return value is null ? null : ToElement(value);
        }
        catch (Newtonsoft.Json.JsonException)
        {
            return null;
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static (string Path, string? Function, bool IsDefinite) Parse(string path)
    {
        string? function = null;
        if (path.EndsWith("()", StringComparison.Ordinal) && path.LastIndexOf('.') is > 0 and var dot)
            (function, path) = (path[(dot + 1)..^2], path[..dot]);
        return (path, function, IsDefinitePath(path));
    }

    /// <summary>No descent, wildcard, filter, slice or union outside of quotes.</summary>
    private static bool IsDefinitePath(string path)
    {
        var quote = '\0';
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '\'' or '"') quote = c;
            else if (c is '*' or '?' or ':' or ',' || (c == '.' && i + 1 < path.Length && path[i + 1] == '.')) return false;
        }
        return true;
    }

    private static JsonElement ToElement(JToken token)
    {
        using var document = JsonDocument.Parse(token.ToString(Formatting.None));
        return document.RootElement.Clone();
    }
}
