using System.Collections.Concurrent;
using Conductor.Engines;
using Conductor.Postgres.Outbox;
using Conductor.Postgres.Outbox.Delivery;
using Conductor.Postgres.Tests.Messaging;
using Npgsql;

namespace Conductor.Postgres.Tests.Outbox;

/// <summary>Messages of a sequence leave in the order in which they were committed.</summary>
public sealed class SequenceTests(PostgresServer postgres)
{
    private static readonly Guid One = Guid.NewGuid(), Other = Guid.NewGuid();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Integration]
    public async Task Nothing_of_a_sequence_is_claimed_behind_what_somebody_holds_and_the_rest_of_it_comes_together()
    {
        await using var source = await MessagingDatabase.CreateAsync(postgres);
        var claims = new OutboxClaims(source, new OutboxOptions { Schema = "app" });
        await InsertAsync(source, Of(One), Of(Other));
        (await ClaimedAsync(claims)).ShouldBe([One, Other]);
        await InsertAsync(source, Of(One), Of(One), Of(null));
        var (items, next) = await claims.ClaimAsync([], Cancel);
        items.Select(item => item.Message.Sequence).ShouldBe([null]);
        // No sooner than the lease of what is held ends, or the table is looked at anyway.
        next.ShouldBeGreaterThan(TimeSpan.FromSeconds(4));
        await source.ScalarAsync($"DELETE FROM app.outbox WHERE sequence = '{One}' AND available > now()");
        (await ClaimedAsync(claims)).ShouldBe([One, One]);
    }

    [Fact]
    [Integration]
    public async Task What_failed_holds_up_its_sequence_until_it_is_due_again_and_what_is_set_aside_does_not()
    {
        await using var source = await MessagingDatabase.CreateAsync(postgres);
        var claims = new OutboxClaims(source, new OutboxOptions { Schema = "app" });
        await InsertAsync(source, Of(One), Of(One));
        await source.ScalarAsync("UPDATE app.outbox SET available = now() + interval '1 hour' WHERE position = (SELECT min(position) FROM app.outbox)");
        (await ClaimedAsync(claims)).ShouldBeEmpty();
        await source.ScalarAsync("UPDATE app.outbox SET poison = 'too large' WHERE position = (SELECT min(position) FROM app.outbox)");
        (await ClaimedAsync(claims)).ShouldBe([One]);
    }

    [Fact]
    [Integration]
    public async Task It_never_leaves_from_memory_but_by_a_claim()
    {
        await using var source = await MessagingDatabase.CreateAsync(postgres);
        await using var connection = await source.OpenConnectionAsync(Cancel);
        await new OutboxTable("app").InsertAsync(connection, [Of(One), Of(null)], TimeSpan.FromSeconds(30));
        (await source.ScalarAsync("SELECT string_agg(extract(epoch FROM available - due)::int::text, ',' ORDER BY position) FROM app.outbox")).ShouldBe("0,30");
    }

    [Fact]
    public async Task One_is_being_sent_at_a_time_and_behind_one_that_fails_the_others_are_put_off()
    {
        var putOff = new ConcurrentQueue<Guid>();
        var sent = new ConcurrentQueue<Guid>();
        using var gate = new SemaphoreSlim(0);
        OutboxItem[] items = [Item(One), Item(One), Item(One), Item(Other)];
        var sequences = new SendSequences(
            async item =>
            {
                if (item.Message.Sequence == One) await gate.WaitAsync(Cancel);
                sent.Enqueue(item.Message.Id);
                return item != items[1];
            },
            item => putOff.Enqueue(item.Message.Id));
        foreach (var item in items) sequences.Add(item);
        await Eventually.IsTrueAsync(() => sent.Contains(items[3].Message.Id), "the other sequence does not wait");
        sent.Count.ShouldBe(1);
        gate.Release(10);
        await Eventually.BecomesAsync(() => sequences.Count, count => count == 0);
        sent.ShouldBe([items[3].Message.Id, items[0].Message.Id, items[1].Message.Id]);
        await Eventually.IsTrueAsync(() => putOff.ToArray() is [var id] && id == items[2].Message.Id, "the third is put off");
    }

    private static async Task<IEnumerable<Guid?>> ClaimedAsync(OutboxClaims claims) =>
        (await claims.ClaimAsync([], Cancel)).Items.Select(item => item.Message.Sequence);

    private static async Task InsertAsync(NpgsqlDataSource source, params OutboxMessage[] messages)
    {
        await using var connection = await source.OpenConnectionAsync(Cancel);
        await new OutboxTable("app").InsertAsync(connection, messages);
    }

    private static OutboxMessage Of(Guid? sequence) => MessagingDatabase.Message("topic:orders") with { Sequence = sequence };

    private static OutboxItem Item(Guid sequence) => new(Of(sequence), 0, 0);
}
