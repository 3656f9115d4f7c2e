using System.Collections.Immutable;
using System.Text.Json;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Starts an execution, or starts it again.</summary>
internal static class Starting
{
    public static Decision Start(StartExecution command, WorkflowContext context)
    {
        var run = new DecisionRun(null, command, context);
        var definition = context.Graph.Definition;
        var input = WithTemplate(command.Input.OrEmptyObject(), definition.InputTemplate);
        run.Data.Wipe();
        run.Data.SetInput(input);
        var instance = New(context, command.WorkflowId, command.Now) with
        {
            CorrelationId = command.CorrelationId,
            Priority = command.Priority,
            TaskToDomain = command.TaskToDomain is { Count: > 0 } domains
                ? domains.ToImmutableSortedDictionary(StringComparer.Ordinal)
                : ImmutableSortedDictionary<string, string>.Empty,
            CreatedBy = command.CreatedBy,
            ParentWorkflowId = command.ParentWorkflowId,
            ParentTaskId = command.ParentTaskId,
        };
        run.Emit(new WorkflowStarted { At = run.Now, Instance = instance, Input = input });
        return Begin(run);
    }

    public static Decision Restart(DecisionRun run)
    {
        var state = run.State;
        if (!state.Status.IsTerminal())
            return new Decision.Rejected(RejectionCode.Conflict, $"Workflow: {Names.Full(state)} is not in terminal state, unable to restart.");
        if (!run.Graph.Definition.Restartable && state.Status == WorkflowStatus.Completed)
            return new Decision.Rejected(RejectionCode.NotFound, $"Workflow: {Names.Full(state)} is non-restartable");
        run.Data.Wipe();
        var instance = New(run.Context, state.WorkflowId, run.Now) with
        {
            CorrelationId = state.CorrelationId,
            Priority = state.Priority,
            TaskToDomain = state.TaskToDomain,
            CreatedBy = state.CreatedBy,
            ParentWorkflowId = state.ParentWorkflowId,
            ParentTaskId = state.ParentTaskId,
        };
        run.Emit(new WorkflowRestarted { At = run.Now, Instance = instance });
        return Begin(run);
    }

    private static Decision Begin(DecisionRun run)
    {
        Timers.StartTimeout(run);
        var progress = new Progress(run);
        progress.Schedule(run.Graph.First);
        progress.Run();
        return run.Result();
    }

    private static WorkflowInstance New(WorkflowContext context, Guid workflowId, DateTimeOffset now) => new()
    {
        WorkflowId = workflowId,
        Name = context.Graph.Definition.Name!,
        Version = context.Graph.Definition.Version,
        DefinitionHash = context.Graph.Hash,
        Variables = Variables(context.Graph.Definition),
        CreateTime = now,
        UpdateTime = now,
    };

    private static JsonElement Variables(WorkflowDefinition definition) => Object(definition.Variables);

    /// <summary>As Conductor: the template fills absent and null keys, but an empty input stays empty.</summary>
    private static JsonElement WithTemplate(JsonElement input, IReadOnlyDictionary<string, JsonElement> template)
    {
        if (template.Count == 0 || input.IsEmptyObject()) return input;
        var lacking = template.Where(pair => !input.TryGetProperty(pair.Key, out var value) || value.IsNothing());
        return JsonText.Merge(input, Object(lacking.ToDictionary(pair => pair.Key, pair => pair.Value)));
    }

    private static JsonElement Object(IReadOnlyDictionary<string, JsonElement> values) => values.Count == 0 ? JsonText.EmptyObject
        : JsonText.Build(values, static (writer, pairs) =>
        {
            writer.WriteStartObject();
            foreach (var (name, value) in pairs)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
            writer.WriteEndObject();
        });
}
