using Conductor.Engines;
using Conductor.Postgres.Inbox;
using Conductor.Postgres.Tests.Messaging;
using Npgsql;

namespace Conductor.Postgres.Tests.Inbox;

[Integration]
public sealed class InboxTableTests(PostgresServer postgres)
{
    private static readonly Guid Consumer = Guid.NewGuid();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly InboxTable _table = new("app");

    [Fact]
    public async Task Only_messages_that_the_consumer_has_not_had_are_new()
    {
        await using var source = await MessagingDatabase.CreateAsync(postgres);
        Guid one = Guid.NewGuid(), two = Guid.NewGuid();
        (await ClaimAsync(source, Consumer, one)).ShouldBe([one]);
        (await ClaimAsync(source, Consumer, one, two, two)).ShouldBe([two]);
        (await ClaimAsync(source, Guid.NewGuid(), one)).ShouldBe([one]);
    }

    [Fact]
    public async Task A_claim_waits_for_a_concurrent_one_and_takes_over_when_that_rolls_back()
    {
        await using var source = await MessagingDatabase.CreateAsync(postgres);
        var message = Guid.NewGuid();
        await using var connection = await source.OpenConnectionAsync(Cancel);
        await using var first = await connection.BeginTransactionAsync(Cancel);
        await _table.ClaimAsync(first, Consumer, [message], Cancel);
        var second = ClaimAsync(source, Consumer, message);
        (await Task.WhenAny(second, Task.Delay(200, Cancel))).ShouldNotBe(second);
        await first.RollbackAsync(Cancel);
        (await second).ShouldBe([message]);
    }

    private async Task<HashSet<Guid>> ClaimAsync(NpgsqlDataSource source, Guid consumer, params Guid[] messages)
    {
        await using var connection = await source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        var claimed = await _table.ClaimAsync(transaction, consumer, messages, Cancel);
        await transaction.CommitAsync(Cancel);
        return claimed;
    }
}
