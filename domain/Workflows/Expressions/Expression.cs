using System.Text.Json;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>What stands between <c>${</c> and <c>}</c>.</summary>
internal sealed class Expression
{
    private readonly TextTemplate? _computed;
    private readonly JsonElement? _constant;

    private Expression(ExpressionPath? path, TextTemplate? computed, JsonElement? constant, bool isTaskId) =>
        (Path, _computed, _constant, IsTaskId) = (path, computed, constant, isTaskId);

    /// <summary>The path, unless it is computed from other expressions.</summary>
    public ExpressionPath? Path { get; }

    /// <summary>True for <c>CPEWF_TASK_ID</c>.</summary>
    public bool IsTaskId { get; }

    /// <summary>Expressions inside of it.</summary>
    public IEnumerable<Expression> Inner => _computed?.Expressions ?? [];

    public static Expression Parse(string text, ExpressionMarks marks, int from, int end, int depth)
    {
        var template = TextTemplate.Parse(text, marks, from, end, depth);
        return template.Constant is { } constant ? OfConstant(constant) : new(null, template, null, isTaskId: false);
    }

    public JsonElement? Resolve(Scope scope)
    {
        if (Path is not null) return Path.Resolve(scope);
        if (_constant is not null) return _constant;
        if (IsTaskId) return JsonText.Of(scope.TaskId.ToString());
        var computed = _computed!.Resolve(scope);
        return computed.Length > ValueLimits.ExpressionLength ? null : OfConstant(computed).Resolve(scope);
    }

    private static Expression OfConstant(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return new(null, null, JsonText.Of(""), isTaskId: false);
        if (text == "CPEWF_TASK_ID") return new(null, null, null, isTaskId: true);
        return new(ExpressionPath.Parse(text), null, null, isTaskId: false);
    }
}
