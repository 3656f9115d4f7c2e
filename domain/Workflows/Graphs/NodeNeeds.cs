using System.Collections.Frozen;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Domain.Workflows.Graphs;

/// <summary>Data that expressions read.</summary>
/// <param name="WorkflowInput">The input of the execution.</param>
/// <param name="Tasks">The latest attempts of these reference names.</param>
public sealed record NodeNeeds(bool WorkflowInput, IReadOnlySet<string> Tasks)
{
    /// <summary>Nothing.</summary>
    public static NodeNeeds None { get; } = new(WorkflowInput: false, FrozenSet<string>.Empty);

    internal static NodeNeeds Of(Template template)
    {
        var expressions = new List<Expression>();
        template.Collect(expressions);
        return Of(expressions);
    }

    internal static NodeNeeds Of(IEnumerable<Expression> expressions)
    {
        var input = false;
        var tasks = new HashSet<string>();
        void Visit(Expression expression)
        {
            if (expression.Path is { } path)
            {
                if (path.Source != "workflow") tasks.Add(path.Source);
                else if (path.Field is null or "input") input = true;
            }
            foreach (var inner in expression.Inner) Visit(inner);
        }
        foreach (var expression in expressions) Visit(expression);
        return !input && tasks.Count == 0 ? None : new(input, tasks);
    }

    internal static NodeNeeds Union(IEnumerable<NodeNeeds> all)
    {
        var input = false;
        var tasks = new HashSet<string>();
        foreach (var needs in all)
        {
            input |= needs.WorkflowInput;
            tasks.UnionWith(needs.Tasks);
        }
        return !input && tasks.Count == 0 ? None : new(input, tasks);
    }
}
