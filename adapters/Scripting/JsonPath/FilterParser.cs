using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Conductor.Scripting.JsonPath;

/// <summary>Reads the conditions of filters.</summary>
internal sealed class FilterParser(PathReader reader, PathParser paths)
{
    private const int Deepest = 50;
    private static readonly TimeSpan MostTime = TimeSpan.FromMilliseconds(250);

    private int _depth;

    /// <summary>Conditions with <c>||</c> and <c>&amp;&amp;</c> between them.</summary>
    public FilterNode Any()
    {
        if (++_depth > Deepest) throw new PathFailedException($"conditions are nested more than {Deepest} levels deep");
        var nodes = Chain('|', () => Chain('&', One, all => new AllNode(all)), any => new AnyNode(any));
        _depth--;
        return nodes;
    }

    /// <summary>A literal or a path.</summary>
    public FilterValue Value()
    {
        reader.SkipBlanks();
        switch (reader.Current)
        {
            case '$' or '@': return new PathValue(paths.Path(inFilter: true));
            case '\'' or '"': return new LiteralValue(JsonValues.Of(reader.TakeQuoted()));
            case '[' or '{': return new LiteralValue(Json(reader.TakeBracketed()));
            case '/': return new PatternValue(Pattern());
            default: return new LiteralValue(Json(reader.TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '+' or '.')));
        }
    }

    private FilterNode Chain(char sign, Func<FilterNode> read, Func<List<FilterNode>, FilterNode> join)
    {
        var nodes = new List<FilterNode> { read() };
        for (reader.SkipBlanks(); reader.Current == sign && reader.Next == sign; reader.SkipBlanks())
        {
            reader.At += 2;
            nodes.Add(read());
        }
        return nodes.Count == 1 ? nodes[0] : join(nodes);
    }

    private FilterNode One()
    {
        if (reader.TryTake('('))
        {
            var inner = Any();
            reader.Take(')');
            return inner;
        }
        if (!reader.TryTake('!')) return Condition();
        reader.SkipBlanks();
        if (reader.Current is '$' or '@') return new ExistsNode(paths.Path(inFilter: true), Should: false);
        if (++_depth > Deepest) throw new PathFailedException($"conditions are nested more than {Deepest} levels deep");
        var negated = new NotNode(One());
        _depth--;
        return negated;
    }

    private FilterNode Condition()
    {
        var left = Value();
        reader.SkipBlanks();
        if (reader.Current is not (')' or '&' or '|' or PathReader.End)) return new ComparisonNode(left, Operator(), Value());
        return left is PathValue exists ? new ExistsNode(exists.Path, Should: true) : throw new PathFailedException("a path is expected");
    }

    private string Operator()
    {
        static bool IsSign(char c) => c is '<' or '>' or '=' or '~' or '!';
        var name = IsSign(reader.Current) ? reader.TakeWhile(IsSign) : reader.TakeWhile(c => c is not (' ' or ')'));
        return FilterOperators.Names.Contains(name) ? name : throw new PathFailedException($"there is no operator {name}");
    }

    private Regex Pattern()
    {
        var from = ++reader.At;
        for (; reader.Current != '/'; reader.At++)
        {
            if (reader.IsAtEnd) throw new PathFailedException("a pattern is not closed");
            if (reader.Current == '\\') reader.At++;
        }
        var pattern = reader.Since(from);
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        for (reader.At++; char.IsAsciiLetter(reader.Current); reader.At++)
            options |= reader.Current switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                's' => RegexOptions.Singleline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                _ => RegexOptions.None,
            };
        return Whole(pattern, options);
    }

    /// <summary>Jayway matches the whole text.</summary>
    private static Regex Whole(string pattern, RegexOptions options)
    {
        const int longest = 1000;
        if (pattern.Length > longest) throw new PathFailedException($"a pattern is longer than {longest} characters");
        try
        {
            return new(@"\A(?:" + pattern + @")\z", options, MostTime);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new PathFailedException($"a pattern cannot be used: {e.Message}");
        }
    }

    /// <summary>JSON in which texts may stand in single quotes.</summary>
    private static JsonElement Json(string text)
    {
        var json = new StringBuilder();
        var own = new PathReader(text);
        while (!own.IsAtEnd)
        {
            if (own.Current is '\'' or '"') json.Append(JsonSerializer.Serialize(own.TakeQuoted()));
            else
            {
                json.Append(own.Current);
                own.At++;
            }
        }
        try
        {
            return JsonElement.Parse(json.ToString());
        }
        catch (JsonException)
        {
            throw new PathFailedException($"{text} is no value");
        }
    }
}
