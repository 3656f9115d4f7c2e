using Conductor.Contracts.Workflows;
using Conductor.Workflows.Answers;
using MassTransit;
using MassTransit.Mediator;

namespace Conductor.Workflows.Executions;

/// <summary>Sends commands into the saga and waits until they are committed.</summary>
internal sealed class WorkflowCommands(IMediator mediator)
{
    /// <summary>Carries a command out.</summary>
    /// <exception cref="ConductorException">It was refused.</exception>
    public async Task<WorkflowCommandAccepted> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : class
    {
        var response = await RequestAsync(command, cancellationToken);
        if (response.Is(out Response<WorkflowCommandAccepted>? accepted)) return accepted.Message;
        response.Is(out Response<WorkflowCommandRejected>? refused);
        throw new ConductorException(Error(refused!.Message));
    }

    /// <summary>Carries a command out, or tells why it was refused.</summary>
    public async Task<WorkflowCommandRejected?> TrySendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : class => (await RequestAsync(command, cancellationToken)).Is(out Response<WorkflowCommandRejected>? refused) ? refused.Message : null;

    private Task<Response<WorkflowCommandAccepted, WorkflowCommandRejected>> RequestAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : class =>
        mediator.CreateRequestClient<TCommand>(RequestTimeout.After(m: 1)).GetResponse<WorkflowCommandAccepted, WorkflowCommandRejected>(command, cancellationToken);

    private static ConductorError Error(WorkflowCommandRejected refused) => refused.Reason switch
    {
        RefusalReason.NotFound => ConductorError.NotFound(refused.Message),
        RefusalReason.Conflict => ConductorError.Conflict(refused.Message),
        _ => ConductorError.Invalid(refused.Message),
    };
}
