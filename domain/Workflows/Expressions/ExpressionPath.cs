using System.Text.Json;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>A parsed <c>source.path</c>. Plain paths are walked here; what needs JSONPath goes to the port.</summary>
internal sealed class ExpressionPath
{
    private readonly PathStep[] _steps;
    private readonly string? _query;

    private ExpressionPath(string source, string? field, PathStep[] steps, string? query) => (Source, Field, _steps, _query) = (source, field, steps, query);

    /// <summary><c>workflow</c> or a reference name.</summary>
    public string Source { get; }

    /// <summary>First property, like <c>input</c> or <c>output</c>; null for the whole source.</summary>
    public string? Field { get; }

    public static ExpressionPath Parse(string text)
    {
        if (text.StartsWith("$.", StringComparison.Ordinal)) text = text[2..];
        var end = text.AsSpan().IndexOfAny('.', '[');
        if (end < 0) return new(text, null, [], null);
        var source = text[..end];
        if (!PathStep.TryReadName(text, end, out var field, out var rest)) return new(source, null, [], "$" + text[end..]);
        return PathStep.TryReadAll(text, rest, out var steps) ? new(source, field, steps, null) : new(source, field, [], "$" + text[rest..]);
    }

    public JsonElement? Resolve(Scope scope)
    {
        var root = Field is null ? scope.Document(Source) : scope.Field(Source, Field);
        if (root is not { } value || value.ValueKind == JsonValueKind.Undefined) return null;
        if (_query is not null) return scope.Paths.Select(value, _query, scope.Work);
        foreach (var step in _steps)
        {
            if (step.Walk(value) is not { } next) return null;
            value = next;
        }
        return value;
    }
}
