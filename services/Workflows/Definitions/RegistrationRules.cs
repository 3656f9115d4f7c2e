using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Workflows.Definitions;

/// <summary>All that a workflow definition must satisfy to be registered: the rules of definitions, and scripts that compile.</summary>
internal sealed class RegistrationRules(IScriptEvaluator scripts)
{
    public async Task<IReadOnlyList<DefinitionError>> CheckAsync(WorkflowDefinition definition)
    {
        var errors = DefinitionRules.Check(definition);
        if (errors.Count > 0) return errors;
        var checks = DefinitionScripts.Of(definition).Select(async s => (s.Path, s.Script, Error: await scripts.CheckAsync(definition.Name!, s.Script)));
        return [.. (await Task.WhenAll(checks)).Where(s => s.Error is not null).Select(s => new DefinitionError(s.Path, s.Error!, s.Script))];
    }
}
