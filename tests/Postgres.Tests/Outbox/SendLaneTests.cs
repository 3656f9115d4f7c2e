using Conductor.Postgres.Outbox.Delivery;
using Conductor.Postgres.Tests.Messaging;

namespace Conductor.Postgres.Tests.Outbox;

public sealed class SendLaneTests
{
    [Fact]
    public async Task A_lane_sends_a_few_at_a_time_and_refuses_what_it_has_no_room_for()
    {
        int sending = 0, most = 0, sent = 0;
        using var gate = new SemaphoreSlim(0);
        var lane = new SendLane(3, 10, async _ =>
        {
            var now = Interlocked.Increment(ref sending);
            InterlockedMax(ref most, now);
            await gate.WaitAsync(TestContext.Current.CancellationToken);
            Interlocked.Decrement(ref sending);
            Interlocked.Increment(ref sent);
        });
        var taken = Enumerable.Range(0, 15).Count(_ => lane.TryAdd(new(MessagingDatabase.Message(), 0, 0)));
        taken.ShouldBe(10);
        lane.IsFull.ShouldBeTrue();
        await Eventually.BecomesAsync(() => Volatile.Read(ref sending), now => now == 3);
        gate.Release(100);
        await Eventually.BecomesAsync(() => lane.IsIdle, idle => idle);
        sent.ShouldBe(10);
        most.ShouldBe(3);
        lane.IsFull.ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_is_left_behind_however_the_last_message_and_the_end_of_a_run_meet()
    {
        var sent = 0;
        var lane = new SendLane(2, 1000, _ =>
        {
            Interlocked.Increment(ref sent);
            return Task.CompletedTask;
        });
        for (var i = 0; i < 20_000; i++)
        {
            while (!lane.TryAdd(new(MessagingDatabase.Message(), 0, 0))) await Task.Yield();
        }
        await Eventually.BecomesAsync(() => Volatile.Read(ref sent), count => count == 20_000);
        await Eventually.BecomesAsync(() => lane.IsIdle, idle => idle);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen) Thread.SpinWait(1);
    }
}
