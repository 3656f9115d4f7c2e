using System.Text.Json;
using Conductor.Domain.Workflows.Executions;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Workflows.Tests.Tasks;

public sealed class TaskQueueTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly Desk _desk = new();
    private readonly TaskQueue _queue;
    private int _refills;

    public TaskQueueTests() => _queue = new(_desk, _time, NullLogger.Instance, () => _refills++, CancellationToken.None);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task A_waiting_worker_gets_a_task_as_soon_as_one_is_ready()
    {
        var poll = PollAsync("w", 1);
        _queue.TryAdd(Task("t"));
        (await poll).ShouldHaveSingleItem().WorkflowName.ShouldBe("t");
    }

    [Fact]
    public async Task Workers_are_served_in_the_order_of_their_coming()
    {
        _queue.TryAdd(Task("a"));
        (await PollAsync("w", 1)).Count.ShouldBe(1);
        var (first, second) = (PollAsync("w1", 2), PollAsync("w2", 2));
        var promised = Enumerable.Range(0, 3).Select(_ => _queue.Promise()!).ToList();
        promised.Select(waiter => waiter.WorkerId).ShouldBe(["w1", "w1", "w2"]);
        foreach (var waiter in promised) _queue.Settle(waiter, Desk.Handed(Task("x"), waiter.WorkerId));
        (await first).Count.ShouldBe(2);
        (await second).ShouldHaveSingleItem().Task.WorkerId.ShouldBe("w2");
    }

    [Fact]
    public async Task A_worker_that_does_not_wait_gets_what_is_there()
    {
        (await _queue.PollAsync("w", 5, TimeSpan.Zero, Stop))!.ShouldBeEmpty();
        _queue.TryAdd(Task("a"));
        _queue.TryAdd(Task("b"));
        (await _queue.PollAsync("w", 5, TimeSpan.Zero, Stop))!.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_highest_priority_goes_first_and_definitions_take_turns()
    {
        foreach (var name in new[] { "many", "many", "many", "few" }) _queue.TryAdd(Task(name));
        _queue.TryAdd(Task("urgent") with { Priority = 9 });
        var order = new List<string>();
        for (var i = 0; i < 5; i++) order.Add((await PollAsync("w", 1)).Single().WorkflowName);
        order.ShouldBe(["urgent", "many", "few", "many", "many"]);
    }

    [Fact]
    public async Task A_task_is_handed_out_when_its_time_has_come()
    {
        _queue.TryAdd(Task("later") with { Due = _time.GetUtcNow().AddSeconds(10) });
        var poll = PollAsync("w", 1);
        _time.Advance(TimeSpan.FromSeconds(9));
        poll.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));
        (await poll).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_task_that_waits_for_no_worker_any_more_is_passed_over()
    {
        _desk.Gone = "gone";
        _queue.TryAdd(Task("gone"));
        _queue.TryAdd(Task("here"));
        (await PollAsync("w", 1)).ShouldHaveSingleItem().WorkflowName.ShouldBe("here");
    }

    [Fact]
    public async Task A_task_for_a_worker_that_has_gone_is_returned()
    {
        _queue.TryAdd(Task("first"));
        (await PollAsync("w", 1)).Count.ShouldBe(1);
        using var gone = new CancellationTokenSource();
        var poll = _queue.PollAsync("w", 1, Long, gone.Token);
        var waiter = _queue.Promise().ShouldNotBeNull();
        await gone.CancelAsync();
        _queue.Settle(waiter, Desk.Handed(Task("t"), "w"));
        (await poll)!.ShouldBeEmpty();
        _desk.Returned.ShouldBe(["t"]);
    }

    [Fact]
    public async Task A_failure_reaches_the_worker_and_the_next_one_gets_the_task()
    {
        _desk.Fail = new InvalidOperationException("no database");
        _queue.TryAdd(Task("t"));
        (await Should.ThrowAsync<InvalidOperationException>(PollAsync("w", 1))).Message.ShouldBe("no database");
        _desk.Fail = null;
        (await PollAsync("w", 1)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Of_a_limited_type_only_as_many_are_handed_out_as_are_granted_until_there_is_room_again()
    {
        _desk.Limit = new TaskLimit("q", 1, 0, TimeSpan.FromSeconds(1));
        _desk.Room = 1;
        _queue.TryAdd(Task("a"));
        _queue.TryAdd(Task("b"));
        (await PollAsync("w", 2)).ShouldHaveSingleItem().WorkflowName.ShouldBe("a");
        (await _queue.PollAsync("w", 1, TimeSpan.Zero, Stop))!.ShouldBeEmpty();
        var poll = PollAsync("w", 1);
        _desk.Room = 1;
        _queue.Unblock();
        (await poll).ShouldHaveSingleItem().WorkflowName.ShouldBe("b");
    }

    [Fact]
    public async Task What_there_is_no_room_for_is_asked_for_when_there_is_room_and_the_most_urgent_always_finds_room()
    {
        for (var i = 0; i < 100_001; i++) _queue.TryAdd(Task("many"));
        _queue.TryAdd(Task("urgent") with { Priority = 1 });
        (await PollAsync("w", 1)).ShouldHaveSingleItem().WorkflowName.ShouldBe("urgent");
        var got = 0;
        while (_refills == 0) got += (await PollAsync("w", 1000)).Count;
        got.ShouldBeInRange(50_000, 51_000);
    }

    [Fact]
    public async Task A_queue_that_holds_nothing_and_nobody_can_be_retired_and_takes_nothing_then()
    {
        var poll = PollAsync("w", 1);
        _queue.TryRetire().ShouldBeFalse();
        _queue.TryAdd(Task("t"));
        await poll;
        _queue.TryAdd(Task("later") with { Due = _time.GetUtcNow().AddSeconds(1) });
        _queue.TryRetire().ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));
        _queue.TryRetire().ShouldBeFalse();
        await PollAsync("w", 1);
        _queue.TryRetire().ShouldBeTrue();
        _queue.TryAdd(Task("t")).ShouldBeFalse();
        (await _queue.PollAsync("w", 1, Long, Stop)).ShouldBeNull();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<IReadOnlyList<HandedOutTask>> PollAsync(string worker, int count) => (await _queue.PollAsync(worker, count, Long, Stop))!;

    private QueuedTask Task(string workflow) => new(Guid.CreateVersion7(), Guid.NewGuid(), "q", workflow, 0, _time.GetUtcNow());

    private sealed class Desk : ITaskHandOut
    {
        public string? Gone { get; set; }
        public Exception? Fail { get; set; }
        public TaskLimit? Limit { get; set; }
        public int Room { get; set; }
        public List<string> Returned { get; } = [];

        public ValueTask<TaskLimit?> LimitAsync(string queue, CancellationToken cancellationToken) => new(Limit);

        public Task<(int Granted, DateTimeOffset? NextFree)> ClaimAsync(
            CountedRequest request, IReadOnlyList<QueuedTask> tasks, CancellationToken cancellationToken)
        {
            var granted = Math.Min(Room, tasks.Count);
            Room -= granted;
            return System.Threading.Tasks.Task.FromResult((granted, (DateTimeOffset?)null));
        }

        public Task<HandedOutTask?> HandOutAsync(QueuedTask task, string? workerId, bool isCounted, CancellationToken cancellationToken) =>
            Fail is not null ? System.Threading.Tasks.Task.FromException<HandedOutTask?>(Fail)
            : System.Threading.Tasks.Task.FromResult(task.Workflow == Gone ? null : Handed(task, workerId));

        public Task ReturnAsync(HandedOutTask task, CancellationToken cancellationToken)
        {
            Returned.Add(task.WorkflowName);
            return System.Threading.Tasks.Task.CompletedTask;
        }

        public static HandedOutTask Handed(QueuedTask task, string? workerId) => new(
            new TaskRecord
            {
                TaskId = task.TaskId, WorkflowId = task.WorkflowId, ReferenceName = "r", NodeReference = "r", TaskType = "q", TaskDefName = "q", Seq = 1,
                Status = WorkflowTaskStatus.InProgress, Input = JsonElement.Parse("{}"), Output = JsonElement.Parse("{}"), WorkerId = workerId,
            }, task.Workflow, "hash");
    }
}
