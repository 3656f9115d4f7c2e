using System.Text;
using System.Text.Json;
using Conductor.Domain.Workflows.Limits;

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

    public static TextTemplate Parse(string text) => Parse(text, ExpressionMarks.Of(text), 0, text.Length, depth: 0);

    /// <summary>The part of a text up to <paramref name="end"/>; expressions that nest too deep are text.</summary>
    public static TextTemplate Parse(string text, ExpressionMarks marks, int from, int end, int depth)
    {
        var pieces = new List<object>();
        foreach (var (open, close) in depth < ValueLimits.ExpressionDepth ? marks.Between(from, end) : [])
        {
            if (open > from) pieces.Add(Unescape(text[from..open]));
            pieces.Add(Expression.Parse(text, marks, open + 2, close, depth + 1));
            from = close + 1;
        }
        if (from < end) pieces.Add(Unescape(text[from..end]));
        return new([.. pieces]);
    }

    /// <exception cref="ValueRefusedException">The text would be larger than allowed.</exception>
    public string Resolve(Scope scope)
    {
        if (Constant is { } constant) return constant;
        var text = new StringBuilder();
        foreach (var piece in _pieces)
        {
            if (piece is string literal) text.Append(literal);
            else if (((Expression)piece).Resolve(scope) is { } value) JavaText.Append(text, value);
            else text.Append("null");
            ValueLimits.Check(text.Length);
        }
        return text.ToString();
    }

    private static string Unescape(string text) => text.Replace("$${", "${", StringComparison.Ordinal);
}
