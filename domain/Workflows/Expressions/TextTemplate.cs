using System.Text;
using System.Text.Json;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>A string with <c>${...}</c> in it, which may nest; <c>$${</c> stands for a literal <c>${</c>.</summary>
internal sealed class TextTemplate
{
    private readonly object[] _pieces;

    private TextTemplate(object[] pieces) => _pieces = pieces;

    /// <summary>The text when there is no expression in it.</summary>
    public string? Constant => _pieces.Length == 0 ? "" : _pieces is [string text] ? text : null;

    /// <summary>The expression when the text is exactly one.</summary>
    public Expression? Single => _pieces is [Expression expression] ? expression : null;

    public IEnumerable<Expression> Expressions => _pieces.OfType<Expression>();

    public static TextTemplate Parse(string text)
    {
        var pieces = new List<object>();
        var from = 0;
        for (var at = 0; at < text.Length - 1; at++)
        {
            if (text[at] != '$' || text[at + 1] != '{' || (at > 0 && text[at - 1] == '$')) continue;
            var close = Close(text, at + 2);
            if (close < 0) continue;
            if (at > from) pieces.Add(Unescape(text[from..at]));
            pieces.Add(Expression.Parse(text[(at + 2)..close]));
            (from, at) = (close + 1, close);
        }
        if (from < text.Length) pieces.Add(Unescape(text[from..]));
        return new([.. pieces]);
    }

    public string Resolve(Scope scope)
    {
        if (Constant is { } constant) return constant;
        var text = new StringBuilder();
        foreach (var piece in _pieces)
        {
            if (piece is string literal) text.Append(literal);
            else if (((Expression)piece).Resolve(scope) is { } value) JavaText.Append(text, value);
            else text.Append("null");
        }
        return text.ToString();
    }

    private static int Close(string text, int at)
    {
        for (var depth = 1; at < text.Length; at++)
        {
            if (text[at] == '{') depth++;
            else if (text[at] == '}' && --depth == 0) return at;
        }
        return -1;
    }

    private static string Unescape(string text) => text.Replace("$${", "${", StringComparison.Ordinal);
}
