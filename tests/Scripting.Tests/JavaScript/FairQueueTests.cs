using Conductor.Scripting.JavaScript;

namespace Conductor.Scripting.Tests.JavaScript;

public sealed class FairQueueTests
{
    [Fact]
    public void Who_has_used_the_least_is_next()
    {
        var queue = new FairQueue<int>(mostOfOne: 4);
        foreach (var job in Enumerable.Range(0, 3)) queue.TryAdd("many", job);
        var first = queue.Take()!.Value;
        queue.TryAdd("one", 10);
        SpinWait.SpinUntil(() => System.Diagnostics.Stopwatch.GetTimestamp() > first.Since);
        queue.Done(first);
        queue.Take()!.Value.Job.ShouldBe(10);
        queue.Take()!.Value.Job.ShouldBe(1);
    }

    [Fact]
    public void One_owner_holds_no_more_than_its_share_of_threads()
    {
        var queue = new FairQueue<int>(mostOfOne: 1);
        queue.TryAdd("a", 1);
        queue.TryAdd("a", 2);
        queue.TryAdd("b", 3);
        var first = queue.Take()!.Value;
        queue.Take()!.Value.Job.ShouldBe(3);
        queue.Done(first);
        queue.Take()!.Value.Job.ShouldBe(2);
    }

    [Fact]
    public void A_closed_queue_gives_back_what_nobody_has_taken_and_takes_no_more()
    {
        var queue = new FairQueue<int>(mostOfOne: 1);
        foreach (var job in Enumerable.Range(1, 3)) queue.TryAdd("a", job);
        var taken = queue.Take()!.Value;
        queue.Close().ShouldBe([2, 3]);
        queue.Done(taken);
        queue.TryAdd("a", 4).ShouldBeFalse();
        queue.Take().ShouldBeNull();
    }
}
