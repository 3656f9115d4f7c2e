using System.Text.Json;
using Conductor.Domain.Workflows.Executions;
using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Conductor.Workflows.Tests.Tasks;

public sealed class PollLaneTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private readonly Queue _queue = new();

    [Fact]
    public async Task A_waiting_worker_gets_a_task_as_soon_as_one_is_signalled()
    {
        var lane = Lane();
        var poll = lane.PollAsync("w", 1, Long, TestContext.Current.CancellationToken);
        await _queue.Looked.WaitAsync(TestContext.Current.CancellationToken);
        _queue.Put("t1");
        lane.Signal();
        (await poll).Single().WorkflowName.ShouldBe("t1");
    }

    [Fact]
    public async Task Workers_are_served_in_the_order_of_their_coming_and_by_one_query()
    {
        var lane = Lane();
        _queue.Hold();
        var first = lane.PollAsync("w1", 2, Long, TestContext.Current.CancellationToken);
        await _queue.Looked.WaitAsync(TestContext.Current.CancellationToken);
        var second = lane.PollAsync("w2", 2, Long, TestContext.Current.CancellationToken);
        _queue.Put("a", "b", "c");
        _queue.Release();
        lane.Signal();
        (await first).Select(t => t.WorkflowName).ShouldBe(["a", "b"]);
        (await second).Select(t => (t.WorkflowName, t.Task.WorkerId)).ShouldBe([("c", "w2")]);
    }

    [Fact]
    public async Task A_poll_that_does_not_wait_looks_once()
    {
        var lane = Lane();
        (await lane.PollAsync("w", 1, TimeSpan.Zero, TestContext.Current.CancellationToken)).ShouldBeEmpty();
        _queue.Asked.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_is_asked_of_the_database_while_nothing_can_have_come()
    {
        var lane = Lane();
        await lane.PollAsync("w", 1, TimeSpan.Zero, TestContext.Current.CancellationToken);
        for (var i = 0; i < 100; i++) (await lane.PollAsync("w", 1, TimeSpan.Zero, TestContext.Current.CancellationToken)).ShouldBeEmpty();
        _queue.Asked.ShouldBeLessThan(5);
    }

    [Fact]
    public async Task Tasks_for_a_worker_that_has_gone_are_put_back()
    {
        var lane = Lane();
        using var gone = new CancellationTokenSource();
        _queue.Hold();
        var poll = lane.PollAsync("w", 1, Long, gone.Token);
        await _queue.Looked.WaitAsync(TestContext.Current.CancellationToken);
        _queue.Put("t");
        await gone.CancelAsync();
        await _queue.UntilGivenUpAsync(poll);
        _queue.Release();
        (await poll).ShouldBeEmpty();
        await _queue.GivenBack.WaitAsync(Long, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_failure_of_the_database_reaches_the_worker_and_the_next_poll_tries_again()
    {
        var lane = Lane();
        _queue.Fail = new InvalidOperationException("no database");
        (await Should.ThrowAsync<InvalidOperationException>(lane.PollAsync("w", 1, Long, TestContext.Current.CancellationToken))).Message
            .ShouldBe("no database");
        _queue.Fail = null;
        _queue.Put("t");
        lane.Signal();
        (await lane.PollAsync("w", 1, Long, TestContext.Current.CancellationToken)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_poll_that_the_database_refuses_does_not_fail_those_that_wait_beside_it()
    {
        var lane = Lane();
        _queue.Hold();
        var good = lane.PollAsync("good", 1, Long, TestContext.Current.CancellationToken);
        await _queue.Looked.WaitAsync(TestContext.Current.CancellationToken);
        var (bad, other) = (lane.PollAsync("bad", 1, Long, TestContext.Current.CancellationToken),
            lane.PollAsync("other", 1, Long, TestContext.Current.CancellationToken));
        _queue.Refused = "bad";
        _queue.Release();
        _queue.Put("a", "b");
        lane.Signal();
        await Should.ThrowAsync<InvalidOperationException>(bad);
        (await good).Concat(await other).Select(t => t.WorkflowName).ShouldBe(["a", "b"], ignoreOrder: true);
    }

    private PollLane Lane() => new(
        "q", _queue, new BackgroundLoops(TimeProvider.System, NullLogger<BackgroundLoops>.Instance), TimeProvider.System, CancellationToken.None);

    private sealed class Queue : ITaskSource
    {
        private readonly Queue<string> _tasks = new();
        private readonly SemaphoreSlim _looked = new(0);
        private readonly TaskCompletionSource _givenBack = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource _gate = Open();

        public SemaphoreSlim Looked => _looked;
        public Task GivenBack => _givenBack.Task;
        public int Asked { get; private set; }
        public Exception? Fail { get; set; }
        public string? Refused { get; set; }

        public void Put(params string[] names)
        {
            foreach (var name in names) _tasks.Enqueue(name);
        }

        public void Hold() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _gate.TrySetResult();

        // The lane has noticed when the poll's own wait has ended; its query is still held.
        public async Task UntilGivenUpAsync(Task poll)
        {
            for (var i = 0; i < 100 && !poll.IsCompleted; i++) await Task.Yield();
            poll.IsCompleted.ShouldBeFalse();
        }

        public async Task<(IReadOnlyList<HandedOutTask> Tasks, DateTimeOffset? NextDue)> TakeAsync(string?[] workers, CancellationToken cancellationToken)
        {
            Asked++;
            _looked.Release();
            await _gate.Task;
            if (Fail is not null) throw Fail;
            if (Refused is not null && workers.Contains(Refused)) throw new InvalidOperationException($"{Refused} is refused");
            var taken = new List<HandedOutTask>();
            while (taken.Count < workers.Length && _tasks.TryDequeue(out var name)) taken.Add(new HandedOutTask(Record(), name, "hash"));
            return (taken, null);
        }

        public Task GiveBackAsync(IReadOnlyList<HandedOutTask> tasks, CancellationToken cancellationToken)
        {
            _givenBack.TrySetResult();
            return Task.CompletedTask;
        }

        private static TaskCompletionSource Open()
        {
            var open = new TaskCompletionSource();
            open.SetResult();
            return open;
        }

        private static TaskRecord Record() => new()
        {
            TaskId = Guid.NewGuid(), WorkflowId = Guid.NewGuid(), ReferenceName = "r", NodeReference = "r", TaskType = "t", TaskDefName = "t", Seq = 1,
            Status = WorkflowTaskStatus.InProgress, Input = JsonElement.Parse("{}"), Output = JsonElement.Parse("{}"),
        };
    }
}
