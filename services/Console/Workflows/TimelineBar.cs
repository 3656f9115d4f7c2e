using System.Globalization;
using Conductor.Console.Clients.Workflows;

namespace Conductor.Console.Workflows;

/// <summary>One attempt on the timeline: where its waiting and its work lie, in percent of the whole.</summary>
internal sealed record TimelineBar(TaskExecution Task, double Scheduled, double Started, double Ended)
{
    /// <summary>Thin enough to be exact, wide enough to be seen.</summary>
    private const double Narrowest = 0.4;

    public static IReadOnlyList<TimelineBar> Of(ExecutionView execution, DateTimeOffset now)
    {
        var tasks = execution.Tasks.Where(task => Begin(task) > 0).OrderBy(task => task.Seq).ToList();
        if (tasks.Count == 0)
            return [];
        var (from, to) = Range(execution, tasks, now);
        var span = Math.Max(1, to - from);
        return [.. tasks.Select(task => Place(task, time => Math.Clamp((time - from) * 100.0 / span, 0, 100), to))];
    }

    public static TimeSpan Span(ExecutionView execution, DateTimeOffset now)
    {
        var tasks = execution.Tasks.Where(task => Begin(task) > 0).ToList();
        var (from, to) = Range(execution, tasks, now);
        return TimeSpan.FromMilliseconds(Math.Max(0, to - from));
    }

    public string WaitX => Percent(Scheduled);
    public string WaitWidth => Percent(Math.Max(0, Started - Scheduled));
    public string WorkX => Percent(Math.Min(Started, 100 - Narrowest));
    public string WorkWidth => Percent(Task is { StartTime: 0, EndTime: 0 } ? 0 : Math.Max(Narrowest, Ended - Started));

    private static (long From, long To) Range(ExecutionView execution, IReadOnlyList<TaskExecution> tasks, DateTimeOffset now)
    {
        var from = tasks.Select(Begin).Append(execution.StartTime).Where(time => time > 0).DefaultIfEmpty(0).Min();
        var to = execution.HasEnded
            ? tasks.Select(task => Math.Max(task.EndTime, task.StartTime)).Append(execution.EndTime).Max()
            : Math.Max(from, now.ToUnixTimeMilliseconds());
        return (from, to);
    }

    private static TimelineBar Place(TaskExecution task, Func<long, double> at, long to)
    {
        var end = task.EndTime > 0 ? task.EndTime : to;
        var start = task.StartTime > 0 ? task.StartTime : end;
        return new(task, at(Math.Min(Begin(task), start)), at(start), at(Math.Max(start, end)));
    }

    // System tasks are now and then started a millisecond before their row says that they were scheduled.
    private static long Begin(TaskExecution task) => task.ScheduledTime > 0 ? task.ScheduledTime : task.StartTime;

    private static string Percent(double value) => value.ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
