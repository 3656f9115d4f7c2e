namespace Conductor.Domain.Workflows.Tasks;

/// <summary>The handler of each task type; every other type is a worker's.</summary>
internal static class TaskHandlers
{
    private static readonly WorkerTask Worker = new();

    private static readonly Dictionary<string, ITaskHandler> ByType = new()
    {
        ["DECISION"] = new DecisionTask(),
        ["FORK_JOIN"] = new ForkTask(),
        ["HUMAN"] = new HumanTask(),
        ["JOIN"] = new JoinTask(),
        ["NOOP"] = new NoopTask(),
        ["SET_VARIABLE"] = new SetVariableTask(),
        ["SWITCH"] = new SwitchTask(),
        ["TERMINATE"] = new TerminateTask(),
        ["WAIT"] = new WaitTask(),
    };

    public static ITaskHandler For(string type) => ByType.GetValueOrDefault(type, Worker);
}
