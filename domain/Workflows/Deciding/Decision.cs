using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>What comes of a command.</summary>
public abstract record Decision
{
    private Decision() { }

    /// <summary>Facts, in their order; none when the command changes nothing.</summary>
    /// <param name="Events">To be persisted together.</param>
    /// <param name="State">The state after them; null only when there was none before and there are no events.</param>
    public sealed record Made(IReadOnlyList<WorkflowEvent> Events, WorkflowInstance? State) : Decision;

    /// <summary>More data is needed: load it, add it to the <see cref="WorkflowData"/>, decide again.</summary>
    /// <param name="Request">What.</param>
    public sealed record Missing(DataRequest Request) : Decision;

    /// <summary>Results of scripts are needed: evaluate them, add them to <see cref="WorkflowContext.Scripts"/>, decide again with the same command.</summary>
    /// <param name="Calls">What to evaluate.</param>
    public sealed record Unevaluated(IReadOnlyList<ScriptCall> Calls) : Decision;

    /// <summary>The command is refused and changes nothing; the message is Conductor's.</summary>
    /// <param name="Code">Why.</param>
    /// <param name="Message">For people.</param>
    public sealed record Rejected(RejectionCode Code, string Message) : Decision;
}

/// <summary>Why a command is refused.</summary>
public enum RejectionCode
{
    /// <summary>There is no such thing.</summary>
    NotFound,
    /// <summary>Not in this state.</summary>
    Conflict,
    /// <summary>The command itself is wrong.</summary>
    Invalid,
}
