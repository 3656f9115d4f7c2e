using Conductor.Sagas.Workflow;
using System.Text.Json;
using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Limits;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Answers;
using Conductor.Workflows.Definitions;
using Conductor.Workflows.Executions;
using MassTransit;

namespace Conductor.Workflows.Messaging;

/// <summary>
/// Commands that other services, and this one's own sagas, send (<see cref="WorkflowQueues.Commands"/>). Each may come twice without harm.
/// </summary>
internal sealed class WorkflowCommandsConsumer(
    WorkflowCommands commands, IdempotentStarts starts, ExecutionReads executions, TaskReads allTasks, DefinitionCatalog catalog)
    : IConsumer<StartWorkflow>, IConsumer<PauseWorkflow>, IConsumer<ResumeWorkflow>, IConsumer<TerminateWorkflow>, IConsumer<StartFailureWorkflow>
{
    public Task Consume(ConsumeContext<StartWorkflow> context) => CarryOutAsync(context, (command, cancel) => starts.AskAsync(command, isNew: false, cancel));

    public Task Consume(ConsumeContext<PauseWorkflow> context) => CarryOutAsync(context, commands.AskAsync);

    public Task Consume(ConsumeContext<ResumeWorkflow> context) => CarryOutAsync(context, commands.AskAsync);

    public Task Consume(ConsumeContext<TerminateWorkflow> context) => CarryOutAsync(context, commands.AskAsync);

    public async Task Consume(ConsumeContext<StartFailureWorkflow> context)
    {
        var message = context.Message;
        await commands.SendAsync(new StartWorkflow
        {
            WorkflowId = message.WorkflowId, Name = message.Name, Version = message.Version, Input = await InputAsync(message, context.CancellationToken),
            CorrelationId = message.CorrelationId, TaskToDomain = message.TaskToDomain,
        }, context.CancellationToken);
    }

    // A refusal is an answer to whoever waits for one, and an error (dead letter) otherwise.
    private static async Task CarryOutAsync<TCommand>(ConsumeContext<TCommand> context, Func<TCommand, CancellationToken, Task<CommandAnswer>> ask)
        where TCommand : class
    {
        var answer = await ask(context.Message, context.CancellationToken);
        if (context.ResponseAddress is not null) await RespondAsync(context, answer);
        else if (!answer.IsAccepted) throw WorkflowCommands.Refused(answer);
    }

    private static Task RespondAsync(ConsumeContext context, CommandAnswer answer) => answer.Refusal is { } reason
        ? context.RespondAsync(new WorkflowCommandRejected { WorkflowId = answer.WorkflowId, Reason = reason, Message = answer.Message! })
        : context.RespondAsync(new WorkflowCommandAccepted { WorkflowId = answer.WorkflowId });

    private async Task<JsonElement> InputAsync(StartFailureWorkflow message, CancellationToken cancellationToken)
    {
        var failed = await executions.FindAsync(message.FailedWorkflowId, cancellationToken)
            ?? throw new InvalidOperationException($"the failed execution {message.FailedWorkflowId} is not stored");
        var tasks = await allTasks.OfAsync(message.FailedWorkflowId, cancellationToken);
        var graph = await catalog.GetAsync(failed.Instance.DefinitionHash, cancellationToken);
        using var buffer = new MemoryStream();
        await using (var writer = Answer.WriterTo(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in message.Input.EnumerateObject()) property.WriteTo(writer);
            writer.WritePropertyName("failedWorkflow");
            WorkflowAnswer.Write(writer, failed, tasks, graph);
            writer.WriteEndObject();
        }
        return JsonLimits.Parse(buffer.ToArray());
    }
}

/// <summary>Names the queue that others know.</summary>
internal sealed class WorkflowCommandsConsumerDefinition : ConsumerDefinition<WorkflowCommandsConsumer>
{
    public WorkflowCommandsConsumerDefinition() => EndpointName = WorkflowQueues.Commands;
}
