using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Workflows.Definitions;

/// <summary>All that a workflow definition must satisfy to be registered: the rules of definitions, and scripts that compile.</summary>
internal sealed class RegistrationRules(IScriptEvaluator scripts)
{
    /// <summary>A script that cannot be compiled may take its whole time to show it.</summary>
    private const int MostErrors = 10;

    public async Task<IReadOnlyList<DefinitionError>> CheckAsync(WorkflowDefinition definition)
    {
        if (DefinitionRules.Check(definition) is { Count: > 0 } errors) return errors;
        var found = new List<DefinitionError>();
        foreach (var (path, script) in DefinitionScripts.Of(definition))
        {
            if (await scripts.CheckAsync(definition.Name!, script) is { } error) found.Add(new(path, error, script));
            if (found.Count == MostErrors) break;
        }
        return found;
    }
}
