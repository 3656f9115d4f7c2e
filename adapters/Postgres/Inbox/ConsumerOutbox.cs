using System.Data;
using System.Diagnostics;
using Conductor.Postgres.Outbox;
using MassTransit;
using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Conductor.Postgres.Inbox;

/// <summary>
/// Consumes a message in one transaction: claims it in the inbox, runs the consumer, saves the DbContext, writes what was sent to the
/// outbox, commits. Only then are the messages handed over for delivery. A duplicate passes through without the consumer.
/// </summary>
internal sealed class ConsumerOutbox<TDbContext>(TDbContext db, MessageOutbox outbox, IServiceProvider provider, ILogger<ConsumerOutbox<TDbContext>> logger)
    : IOutboxContextFactory<TDbContext>
    where TDbContext : DbContext
{
    public async Task Send<T>(ConsumeContext<T> context, OutboxConsumeOptions consumer, IPipe<OutboxConsumeContext<T>> next)
        where T : class
    {
        RefuseExecutionStrategy();
        // An earlier attempt may have left entities behind that were never written.
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, context.CancellationToken);
        try
        {
            var consuming = await ClaimAsync(context, consumer, (NpgsqlTransaction)transaction.GetDbTransaction());
            if (!consuming.Consumed) await next.Send(consuming);
            await CommitAsync(consuming, transaction);
            // A duplicate must go this way as well, or the endpoint would take it for a message that nobody wants.
            await next.Send(consuming);
        }
        catch
        {
            await RollBackAsync(transaction);
            throw;
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("postgres-outbox").Add("schema", outbox.Schema.ToString());

    private async Task<ConsumerOutboxContext<T>> ClaimAsync<T>(ConsumeContext<T> context, OutboxConsumeOptions consumer, NpgsqlTransaction transaction)
        where T : class
    {
        var message = InboxMessage.Of(context);
        var claimed = await outbox.Inbox.ClaimAsync(transaction, consumer.ConsumerId, [message.Id], context.CancellationToken);
        var consumed = claimed.Count == 0 && !(message.IsGuess && !context.ReceiveContext.Redelivered);
        if (consumed)
        {
            MessagingMetrics.Duplicate(outbox.Schema);
            OutboxLog.Duplicate(logger, message.Id, consumer.ConsumerType);
        }
        return new(context, consumer, provider, outbox, message.Id, transaction) { Consumed = consumed };
    }

    private async Task CommitAsync<T>(ConsumerOutboxContext<T> consuming, IDbContextTransaction transaction)
        where T : class
    {
        var timer = Stopwatch.StartNew();
        try
        {
            if (!consuming.Consumed)
            {
                await db.SaveChangesAsync(consuming.CancellationToken);
                await consuming.WriteAsync();
            }
            await transaction.CommitAsync(consuming.CancellationToken);
        }
        catch (Exception e)
        {
            // The consumer has succeeded and was so reported: that its effects could not be kept is for us to say.
            await consuming.NotifyFaulted(consuming, timer.Elapsed, TypeCache<TDbContext>.ShortName, e);
            throw;
        }
        outbox.Committed(consuming.Messages);
        consuming.Consumed = true;
    }

    private void RefuseExecutionStrategy()
    {
        if (db.Database.CreateExecutionStrategy().RetriesOnFailure)
            throw new InvalidOperationException($"{typeof(TDbContext).Name} retries on failure by itself (EnableRetryOnFailure), "
                + "which would run a consumer twice within one message; retry the message instead (UseMessageRetry)");
    }

    private static async Task RollBackAsync(IDbContextTransaction transaction)
    {
        try
        {
            await transaction.RollbackAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or ObjectDisposedException)
        {
            // The connection is gone, and the transaction with it: what made it so is already on its way to the caller.
        }
    }
}
