using Conductor.Domain.Recoverability.Retrying;
using FsCheck;
using FsCheck.Fluent;

namespace Conductor.Domain.Tests.Recoverability.Retrying;

public sealed class RetryDeciderTests
{
    private static readonly RetryPlan Plan = new(Total: 100, First: 10, PerSecond: 50, StopShare: 0.2);

    [Fact]
    public void A_few_go_first_and_the_rest_only_once_it_is_known_what_became_of_them()
    {
        var state = After(RetryState.Initial, new RetryCommand.Begin(Plan));
        state.Room(new(0, 0, 0, 0)).ShouldBe(10);
        state = After(state, Review(10, 9, 0, 0));
        (state.Status, state.Room(new(10, 9, 0, 0))).ShouldBe((RetryStatus.Trying, 0));
        state = After(state, Review(10, 9, 1, 0));
        (state.Status, state.Room(new(10, 9, 1, 0))).ShouldBe((RetryStatus.Dispatching, 90));
        state = After(state, Review(97, 90, 1, 3));
        (state.Status, state.Room(new(97, 90, 1, 3))).ShouldBe((RetryStatus.Confirming, 0));
        After(state, Review(97, 96, 1, 3)).Status.ShouldBe(RetryStatus.Done);
    }

    [Fact]
    public void It_stops_by_itself_when_too_many_fail_again_and_goes_on_when_somebody_says_so()
    {
        var state = After(RetryState.Initial, new RetryCommand.Begin(Plan));
        After(state, Review(10, 1, 3, 0)).Status.ShouldBe(RetryStatus.Trying, "four say nothing yet");
        state = After(state, Review(10, 3, 2, 0));
        (state.Status, state.Reason, state.Room(new(10, 3, 2, 0))).ShouldBe((RetryStatus.Stopped, "2 of 5 messages failed again", 0));
        state = After(state, new RetryCommand.Resume());
        (state.Status, state.Room(new(10, 3, 2, 0))).ShouldBe((RetryStatus.Dispatching, 90));
        After(state, Review(60, 10, 40, 0)).Status.ShouldBe(RetryStatus.Dispatching);
    }

    [Fact]
    public void The_only_message_of_a_retry_that_fails_again_stops_it() =>
        After(After(RetryState.Initial, new RetryCommand.Begin(Plan with { Total = 1 })), Review(1, 0, 1, 0)).Status.ShouldBe(RetryStatus.Stopped);

    [Fact]
    public void One_whose_endpoint_never_reports_goes_on_once_patience_is_over()
    {
        var state = After(RetryState.Initial, new RetryCommand.Begin(Plan));
        state = After(state, new RetryCommand.Review(new(10, 0, 0, 0), IsPatienceOver: true));
        state.Status.ShouldBe(RetryStatus.Dispatching);
        state = After(state, Review(100, 0, 0, 0));
        state.Status.ShouldBe(RetryStatus.Confirming);
        After(state, new RetryCommand.Review(new(100, 0, 0, 0), IsPatienceOver: true)).Status.ShouldBe(RetryStatus.Done);
    }

    [Fact]
    public void It_is_held_up_and_goes_on_where_it_was_and_what_is_cancelled_sends_nothing_more()
    {
        var state = After(RetryState.Initial, new RetryCommand.Begin(Plan));
        var paused = After(state, new RetryCommand.Pause());
        (paused.Room(new(0, 0, 0, 0)), After(paused, Review(10, 10, 0, 0)).Status).ShouldBe((0, RetryStatus.Paused));
        After(paused, new RetryCommand.Resume()).Status.ShouldBe(RetryStatus.Trying);
        var cancelled = After(paused, new RetryCommand.Cancel("wrong queue"));
        (cancelled.Status, cancelled.Room(new(0, 0, 0, 0)), cancelled.Reason).ShouldBe((RetryStatus.Cancelled, 0, "wrong queue"));
        Should.Throw<RetryRefusedException>(() => After(cancelled, new RetryCommand.Resume())).Message.ShouldContain("Cancelled");
        After(cancelled, Review(10, 10, 0, 0)).ShouldBe(cancelled);
    }

    [Theory]
    [InlineData(0, 0, 50, 0.5, "no message")]
    [InlineData(5, -1, 50, 0.5, "negative")]
    [InlineData(5, 0, 0, 0.5, "rate")]
    [InlineData(5, 0, 50, 1.5, "share")]
    [InlineData(5, 0, 50, double.NaN, "share")]
    public void A_plan_that_makes_no_sense_is_refused(int total, int first, int rate, double share, string why) =>
        Should.Throw<RetryRefusedException>(() => RetryDecider.Decide(RetryState.Initial, new RetryCommand.Begin(new(total, first, rate, share))))
            .Message.ShouldContain(why);

    [Fact]
    public void Whatever_happens_no_more_is_sent_than_was_claimed_and_it_ends()
    {
        var gen = from total in Gen.Choose(1, 40)
                  from first in Gen.Choose(0, 20)
                  from outcomes in Gen.Choose(0, 3).ArrayOf(total)
                  select (total, first, outcomes);
        Prop.ForAll(gen.ToArbitrary(), c => Run(c.total, c.first, c.outcomes)).QuickCheckThrowOnFailure();
    }

    // Outcomes: 0 consumed, 1 fails again, 2 skipped, 3 never heard of.
    private static void Run(int total, int first, int[] outcomes)
    {
        var state = After(RetryState.Initial, new RetryCommand.Begin(new(total, first, 1, StopShare: 1)));
        var (taken, progress) = (0, new RetryProgress(0, 0, 0, 0));
        for (var turn = 0; state.Status != RetryStatus.Done; turn++)
        {
            turn.ShouldBeLessThan(4 * (total + 4));
            var room = state.Room(progress);
            (taken + room).ShouldBeLessThanOrEqualTo(total);
            foreach (var outcome in outcomes.Skip(taken).Take(Math.Min(room, 3)))
            {
                taken++;
                progress = outcome == 2 ? progress with { Skipped = progress.Skipped + 1 } : progress with
                {
                    Dispatched = progress.Dispatched + 1,
                    Confirmed = progress.Confirmed + (outcome == 0 ? 1 : 0), FailedAgain = progress.FailedAgain + (outcome == 1 ? 1 : 0),
                };
            }
            state = After(state, new RetryCommand.Review(progress, IsPatienceOver: room == 0));
        }
        taken.ShouldBe(total);
    }

    private static RetryCommand.Review Review(int dispatched, int confirmed, int failedAgain, int skipped) =>
        new(new RetryProgress(dispatched, confirmed, failedAgain, skipped), IsPatienceOver: false);

    private static RetryState After(RetryState state, RetryCommand command) => RetryDecider.Decide(state, command).Aggregate(state, RetryDecider.Evolve);
}
