namespace Conductor.Domain.Workflows.Expressions;

/// <summary>
/// Port: evaluates JavaScript, with time, memory and sizes bounded. It takes time, so decisions are given its results (<see cref="ScriptValues"/>).
/// </summary>
public interface IScriptEvaluator
{
    /// <summary>Evaluates a script. A script that fails, or exceeds a limit, gives a result with an error.</summary>
    /// <param name="owner">Whose script it is, a definition's name: evaluations are shared out fairly between owners.</param>
    /// <param name="call">Script and input.</param>
    Task<ScriptResult> EvaluateAsync(string owner, ScriptCall call);

    /// <summary>What keeps a script from being compiled, with line and column; null when nothing does.</summary>
    /// <param name="owner">As in <see cref="EvaluateAsync"/>.</param>
    /// <param name="script">The script.</param>
    Task<string?> CheckAsync(string owner, string script);
}
