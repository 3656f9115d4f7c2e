using Conductor.Domain.Recoverability.Failures;
using Conductor.Domain.Recoverability.Retrying;
using Conductor.Engines;
using Conductor.Postgres.Recoverability;
using Npgsql;

namespace Conductor.Postgres.Tests.Recoverability;

[Integration]
public sealed class RetryStoreTests(PostgresServer postgres) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private NpgsqlDataSource _source = null!;
    private FailureStore _failures = null!;
    private FailureReads _reads = null!;
    private RetryStore _retries = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await FailureTables.ApplyAsync(_source, FailureTables.Schema, cancellationToken: Cancel);
        (_failures, _reads, _retries) = (new(_source, FailureTables.Schema), new(_source, FailureTables.Schema), new(_source, FailureTables.Schema));
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    [Fact]
    public async Task Messages_are_sent_in_the_order_in_which_they_failed_and_resolved_once_they_are_consumed()
    {
        await FailAsync(0, 20);
        var id = await BeginAsync(first: 5);
        (await CountAsync(FailureState.Open), await CountAsync(FailureState.Retrying)).ShouldBe((0, 20));
        var sent = new List<string>();
        (await SendAsync(id, 100, sent)).ShouldBe(5);
        (await SendAsync(id, 100, sent)).ShouldBe(0, "the first are not judged");
        await _retries.ConfirmAsync([.. sent.Select(IdOf)], Now, Cancel);
        (await ReviewAsync(id)).Status.ShouldBe(RetryStatus.Dispatching);
        (await SendAsync(id, 9, sent)).ShouldBe(9);
        (await SendAsync(id, 9, sent)).ShouldBe(6);
        sent.ShouldBe(Enumerable.Range(0, 20).Select(i => $"{i}"));
        (await ReviewAsync(id)).Status.ShouldBe(RetryStatus.Confirming);
        await _retries.ConfirmAsync([.. sent.Select(IdOf)], Now, Cancel);
        (await ReviewAsync(id)).Status.ShouldBe(RetryStatus.Done);
        (await CountAsync(FailureState.Resolved)).ShouldBe(20);
        (await _retries.FindAsync(id, Cancel))!.Progress.ShouldBe(new(20, 20, 0, 0));
        (await _retries.OpenAsync(Cancel)).ShouldHaveSingleItem().FinishedAt.ShouldBe(Now);
        (await _retries.AcknowledgeAsync(id, Now, Cancel)).ShouldBeTrue();
        (await _retries.OpenAsync(Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_is_in_one_outstanding_retry_only_whoever_asks_at_once()
    {
        await FailAsync(0, 200);
        var claimed = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            try
            {
                return (await _retries.BeginAsync(Guid.NewGuid(), Request(), total => new(total, 0, 100, 1), Now, Cancel)).Plan!.Total;
            }
            catch (RetryRefusedException e)
            {
                e.Message.ShouldBe("there is no message to retry");
                return 0;
            }
        })));
        claimed.Sum().ShouldBe(200);
        (await _retries.OpenAsync(Cancel)).Sum(r => r.State.Plan!.Total).ShouldBe(200, "what is refused leaves nothing behind");
    }

    [Fact]
    public async Task What_failed_after_the_cut_off_is_left_alone()
    {
        await FailAsync(0, 3);
        await FailAsync(3, 6, Now.AddMinutes(1));
        var id = await BeginAsync();
        (await _retries.FindAsync(id, Cancel))!.State.Plan!.Total.ShouldBe(3);
        (await CountAsync(FailureState.Open)).ShouldBe(3);
    }

    [Fact]
    public async Task A_message_that_fails_again_is_open_again_and_the_retry_stops_by_itself_when_there_are_too_many()
    {
        await FailAsync(0, 10);
        var id = await BeginAsync();
        await SendAsync(id, 10, []);
        await FailAsync(0, 6, Now.AddSeconds(1));
        (await _retries.FindAsync(id, Cancel))!.Progress.ShouldBe(new(10, 0, 6, 0));
        var state = await ReviewAsync(id);
        (state.Status, state.Reason).ShouldBe((RetryStatus.Stopped, "6 of 6 messages failed again"));
        (await CountAsync(FailureState.Open)).ShouldBe(6);
        (await _retries.BeginAsync(Guid.NewGuid(), Request(Now.AddMinutes(1)), total => new(total, 0, 100, 1), Now, Cancel)).Plan!.Total
            .ShouldBe(6, "the claim is free again");
    }

    [Fact]
    public async Task A_message_that_is_judged_before_its_dispatch_is_written_down_stays_judged()
    {
        await FailAsync(0, 2);
        var id = await BeginAsync();
        await _retries.DispatchAsync(id, 2, async waiting =>
        {
            await _retries.ConfirmAsync([IdOf("0")], Now, Cancel);
            await FailAsync(1, 2, Now.AddSeconds(1));
            return new string?[waiting.Count];
        }, Now, Cancel);
        (await _retries.FindAsync(id, Cancel))!.Progress.ShouldBe(new(2, 1, 1, 0));
        (await CountAsync(FailureState.Resolved), await CountAsync(FailureState.Open)).ShouldBe((1, 1));
    }

    [Fact]
    public async Task What_cannot_be_sent_is_open_again_with_the_reason_and_what_breaks_off_waits_on()
    {
        await FailAsync(0, 4);
        var id = await BeginAsync();
        await Should.ThrowAsync<IOException>(() => _retries.DispatchAsync(id, 4, _ => throw new IOException("the broker is away"), Now, Cancel));
        (await _retries.FindAsync(id, Cancel))!.Progress.ShouldBe(new(0, 0, 0, 0));
        (await _retries.DispatchAsync(id, 4, _ => Task.FromResult<IReadOnlyList<string?>>([null, "no queue q", null, "no queue q"]), Now, Cancel)).ShouldBe(4);
        (await _retries.FindAsync(id, Cancel))!.Progress.ShouldBe(new(2, 0, 0, 2));
        (await CountAsync(FailureState.Open)).ShouldBe(2);
    }

    [Fact]
    public async Task A_cancelled_retry_lets_go_of_what_it_has_not_sent()
    {
        await FailAsync(0, 10);
        var id = await BeginAsync();
        await SendAsync(id, 4, []);
        (await _retries.DoAsync(id, new RetryCommand.Cancel("wrong group"), Now, Cancel))!.Status.ShouldBe(RetryStatus.Cancelled);
        (await CountAsync(FailureState.Open), await CountAsync(FailureState.Retrying)).ShouldBe((6, 4));
        (await SendAsync(id, 4, [])).ShouldBe(0);
        await Should.ThrowAsync<RetryRefusedException>(() => _retries.DoAsync(id, new RetryCommand.Pause(), Now, Cancel));
        (await _retries.DoAsync(Guid.NewGuid(), new RetryCommand.Pause(), Now, Cancel)).ShouldBeNull();
    }

    private static RetryRequest Request(DateTimeOffset? cutOff = null) => new(new FailureFilter(), Messages: null, cutOff ?? Now, "all", "ada", "fixed");

    private async Task<Guid> BeginAsync(int first = 0)
    {
        var id = Guid.NewGuid();
        await _retries.BeginAsync(id, Request(), total => new(total, first, PerSecond: 100, StopShare: 0.5), Now, Cancel);
        return id;
    }

    private Task<int> SendAsync(Guid id, int most, List<string> sent) => _retries.DispatchAsync(id, most, waiting =>
    {
        sent.AddRange(waiting.Select(f => f.Letter.MessageId!));
        return Task.FromResult<IReadOnlyList<string?>>(new string?[waiting.Count]);
    }, Now, Cancel);

    private async Task<RetryState> ReviewAsync(Guid id) =>
        (await _retries.DoAsync(id, new RetryCommand.Review((await _retries.FindAsync(id, Cancel))!.Progress, IsPatienceOver: false), Now, Cancel))!;

    private Task<int> CountAsync(FailureState state) => _reads.CountAsync(new() { State = state }, 1_000, Cancel);

    private async Task FailAsync(int from, int to, DateTimeOffset? at = null) => await _failures.StoreAsync(
        [.. Enumerable.Range(from, to - from).Select(i => Failure($"{i}", (at ?? Now).AddMilliseconds(i)))], at ?? Now, Cancel);

    private static Guid IdOf(string message) => Failure(message, Now).Id;

    private static FailedMessage Failure(string message, DateTimeOffset at) => FailureReading.Read(
        new DeadLetter { Queue = "q_error", MessageId = message, Headers = [new("MT-Fault-Timestamp", at.ToString("O"))] }, Now);
}
