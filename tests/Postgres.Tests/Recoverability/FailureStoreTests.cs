using System.Text;
using Conductor.Domain.Recoverability.Failures;
using Conductor.Domain.Recoverability.Grouping;
using Conductor.Engines;
using Conductor.Postgres.Recoverability;
using Npgsql;

namespace Conductor.Postgres.Tests.Recoverability;

[Integration]
public sealed class FailureStoreTests(PostgresServer postgres) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private NpgsqlDataSource _source = null!;
    private FailureStore _store = null!;
    private FailureReads _reads = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await FailureTables.ApplyAsync(_source, FailureTables.Schema, cancellationToken: Cancel);
        (_store, _reads) = (new(_source, FailureTables.Schema), new(_source, FailureTables.Schema));
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    [Theory]
    [InlineData(10, false)]
    [InlineData(10, true)]
    [InlineData(70_000, false)]
    [InlineData(70_000, true)]
    [InlineData(0, false)]
    public async Task What_came_is_given_back_byte_for_byte(int length, bool isBinary)
    {
        var body = Enumerable.Range(0, length).Select(i => isBinary ? (byte)i : (byte)('a' + (i % 26))).ToArray();
        var letter = new DeadLetter
        {
            Queue = "pay_error", MessageId = "m", ContentType = "text/plain", Body = body,
            Properties = new Dictionary<string, string> { ["correlation-id"] = "c" },
            Headers = [new("MT-Fault-Message", "no \0 money"), new("n", "7", HeaderKind.Integer), new("n", "twice")],
        };
        var id = (await StoreAsync(FailureReading.Read(letter, Now))).ShouldHaveSingleItem();
        var found = await _reads.FindAsync(id, Cancel);
        found!.Letter.Body.ToArray().ShouldBe(body);
        found.Letter.Headers.ShouldBe([new("MT-Fault-Message", "no \uFFFD money"), new("n", "7", HeaderKind.Integer), new("n", "twice")]);
        (found.Letter.Queue, found.Letter.MessageId, found.Letter.ContentType, found.Letter.Properties["correlation-id"])
            .ShouldBe(("pay_error", "m", "text/plain", "c"));
        (found.Summary.Endpoint, found.Summary.Message, found.Summary.FirstFailedAt).ShouldBe(("pay", "no \uFFFD money", Now));
    }

    [Fact]
    public async Task A_letter_that_comes_twice_changes_nothing_and_a_message_that_fails_anew_is_open_again()
    {
        var failure = Failure("a", Now);
        await StoreAsync(failure);
        (await StoreAsync(failure)).ShouldBeEmpty();
        (await StoreAsync(Failure("a", Now.AddSeconds(-1)))).ShouldBeEmpty();
        (await StoreAsync(Failure("a", Now.AddSeconds(1)), Failure("a", Now.AddSeconds(1)), Failure("a", Now.AddSeconds(2)))).ShouldBe([failure.Id]);
        var summary = (await _reads.ListAsync(new(), behind: null, 10, Cancel)).ShouldHaveSingleItem();
        (summary.Failures, summary.FirstFailedAt, summary.LastFailedAt).ShouldBe((3, Now, Now.AddSeconds(2)));

        await ExecuteAsync("UPDATE recoverability.failed_messages SET state = 2");
        (await _reads.ListAsync(new(), behind: null, 10, Cancel)).ShouldBeEmpty();
        (await StoreAsync(Failure("a", Now.AddSeconds(2)))).ShouldBeEmpty("it is the failure that is done with");
        (await StoreAsync(Failure("a", Now.AddSeconds(-5)))).ShouldBe([failure.Id], "on a machine whose clock is late");
        (await _reads.FindAsync(failure.Id, Cancel))!.Summary.State.ShouldBe(FailureState.Open);
    }

    [Fact]
    public async Task A_letter_that_tells_no_time_is_one_failure_however_often_it_comes_while_it_is_open()
    {
        var letter = new DeadLetter { Queue = "orders_skipped", MessageId = "s" };
        (await StoreAsync(FailureReading.Read(letter, Now))).Count.ShouldBe(1);
        (await StoreAsync(FailureReading.Read(letter, Now.AddMinutes(1)))).ShouldBeEmpty();
        await ExecuteAsync("UPDATE recoverability.failed_messages SET state = 1");
        (await StoreAsync(FailureReading.Read(letter, Now.AddMinutes(2)))).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Groups_count_what_they_hold_through_every_change()
    {
        await StoreAsync([.. Enumerable.Range(0, 10).Select(i => Failure($"{i}", Now.AddSeconds(i), i < 7 ? "Slow" : "Wrong"))]);
        await CountsAsync(("Wrong", 3, 0, 0, 0), ("Slow", 7, 0, 0, 0));
        await ExecuteAsync("UPDATE recoverability.failed_messages SET state = 1 WHERE exception_type = 'Wrong'");
        await ExecuteAsync("UPDATE recoverability.failed_messages SET state = 3 WHERE exception_type = 'Slow' AND message_id < '3'");
        await CountsAsync(("Wrong", 0, 3, 0, 0), ("Slow", 4, 0, 0, 3));
        await StoreAsync(Failure("0", Now.AddHours(1), "Wrong"));
        await CountsAsync(("Wrong", 1, 3, 0, 0), ("Slow", 4, 0, 0, 2));
        await ExecuteAsync("DELETE FROM recoverability.failed_messages WHERE state = 1");
        await CountsAsync(("Wrong", 1, 0, 0, 0), ("Slow", 4, 0, 0, 2));
        (await _reads.GroupsAsync(Grouper.Endpoint, 10, Cancel)).ShouldHaveSingleItem().Counts.ShouldBe(new(5, 0, 0, 2));
    }

    [Fact]
    public async Task Many_who_store_at_once_do_not_lock_each_other_out_and_count_right()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var batch = 0; batch < 20; batch++)
                await StoreAsync([.. Enumerable.Range(0, 20).Select(i => Failure($"{writer} {batch} {i}", Now, $"E{(i * (writer + 1)) % 7}"))]);
        })));
        (await _reads.GroupsAsync(Grouper.Cause, 100, Cancel)).Sum(g => g.Counts.Open).ShouldBe(8 * 20 * 20);
        (await _reads.CountAsync(new(), 10_000, Cancel)).ShouldBe(8 * 20 * 20);
    }

    [Fact]
    public async Task Failures_are_found_by_words_times_and_group_and_paged_without_gaps()
    {
        await StoreAsync([.. Enumerable.Range(0, 50).Select(i => Failure($"{i}", Now.AddSeconds(i / 2), i % 5 == 0 ? "Slow" : "Wrong", $"order {i} of Ada"))]);
        (await _reads.ListAsync(new() { Text = "ada \"order 7\"" }, behind: null, 10, Cancel)).ShouldHaveSingleItem().Message.ShouldBe("order 7 of Ada");
        (await _reads.ListAsync(new() { Text = "ada -order" }, behind: null, 10, Cancel)).ShouldBeEmpty();
        (await _reads.CountAsync(new() { From = Now.AddSeconds(10), To = Now.AddSeconds(12) }, 100, Cancel)).ShouldBe(4);
        (await _reads.CountAsync(new(), 20, Cancel)).ShouldBe(20);
        var slow = (await _reads.GroupsAsync(Grouper.Cause, 10, Cancel)).Single(g => g.Title == "Slow");
        (await _reads.FindGroupAsync(slow.Id, Cancel)).ShouldBe(slow);
        var seen = new List<FailureSummary>();
        for (FailurePlace? place = null; ; place = new(seen[^1].LastFailedAt, seen[^1].Id))
        {
            var page = await _reads.ListAsync(new() { Group = slow.Id }, place, 3, Cancel);
            if (page.Count == 0) break;
            seen.AddRange(page);
        }
        (seen.Count, seen.DistinctBy(f => f.Id).Count(), seen.TrueForAll(f => f.ExceptionType == "Slow")).ShouldBe((10, 10, true));
        seen.Select(f => f.LastFailedAt).ShouldBeInOrder(SortDirection.Descending);
    }

    private async Task CountsAsync(params (string Title, long Open, long Retrying, long Resolved, long Archived)[] expected) =>
        (await _reads.GroupsAsync(Grouper.Cause, 10, Cancel))
            .Select(g => (g.Title, g.Counts.Open, g.Counts.Retrying, g.Counts.Resolved, g.Counts.Archived)).ShouldBe(expected, ignoreOrder: true);

    private async Task<IReadOnlyList<Guid>> StoreAsync(params FailedMessage[] failures) => await _store.StoreAsync(failures, Now, Cancel);

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static FailedMessage Failure(string id, DateTimeOffset at, string exception = "X", string message = "it failed") => FailureReading.Read(
        new DeadLetter
        {
            Queue = "q_error", MessageId = id, Body = Encoding.UTF8.GetBytes("{}"),
            Headers = [new("MT-Fault-ExceptionType", exception), new("MT-Fault-Message", message), new("MT-Fault-Timestamp", at.ToString("O"))],
        }, Now);
}
