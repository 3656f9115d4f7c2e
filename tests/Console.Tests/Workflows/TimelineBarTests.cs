using Conductor.Console.Clients.Workflows;
using Conductor.Console.Workflows;

namespace Conductor.Console.Tests.Workflows;

public sealed class TimelineBarTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(2000);

    [Fact]
    public void Waiting_and_work_are_shares_of_the_whole()
    {
        var execution = new ExecutionView { Status = "COMPLETED", StartTime = 1000, EndTime = 2000, Tasks = [Task(1, 1000, 1250, 1750)] };
        var bar = TimelineBar.Of(execution, Now).Single();
        (bar.WaitX, bar.WaitWidth, bar.WorkX, bar.WorkWidth).ShouldBe(("0%", "25%", "25%", "50%"));
    }

    [Fact]
    public void What_still_runs_reaches_to_now()
    {
        var execution = new ExecutionView { Status = "RUNNING", StartTime = 1000, Tasks = [Task(1, 1000, 1500, 0), Task(2, 1500, 0, 0)] };
        var bars = TimelineBar.Of(execution, Now);
        (bars[0].WorkX, bars[0].WorkWidth).ShouldBe(("50%", "50%"));
        (bars[1].WaitX, bars[1].WaitWidth, bars[1].WorkWidth).ShouldBe(("50%", "50%", "0%"));
    }

    [Fact]
    public void A_task_of_no_duration_can_be_seen()
    {
        var execution = new ExecutionView { Status = "COMPLETED", StartTime = 1000, EndTime = 2000, Tasks = [Task(1, 2000, 2000, 2000)] };
        var bar = TimelineBar.Of(execution, Now).Single();
        (bar.WorkX, bar.WorkWidth).ShouldBe(("99.6%", "0.4%"));
    }

    [Fact]
    public void Without_tasks_there_is_no_timeline() => TimelineBar.Of(new() { Status = "RUNNING", StartTime = 1000 }, Now).ShouldBeEmpty();

    private static TaskExecution Task(int seq, long scheduled, long started, long ended) =>
        new() { Seq = seq, ScheduledTime = scheduled, StartTime = started, EndTime = ended, Status = "COMPLETED" };
}
