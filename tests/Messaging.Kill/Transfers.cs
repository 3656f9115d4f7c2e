using MassTransit;

namespace Conductor.Messaging.Kill;

/// <summary>A command that must take effect once.</summary>
public sealed record Transfer(int Number);

/// <summary>The event of its effect, which must arrive, and have one effect.</summary>
public sealed record Transferred(int Number);

/// <summary>A timer that every tenth command sets.</summary>
public sealed record TransferReviewed(int Number);

internal sealed class TransferConsumer(LedgerDb db) : IConsumer<Transfer>
{
    public async Task Consume(ConsumeContext<Transfer> context)
    {
        var number = context.Message.Number;
        db.Entries.Add(new() { Number = number, What = "transferred" });
        await context.Publish(new Transferred(number));
        if (number % 10 == 0) await context.SchedulePublish(TimeSpan.FromMilliseconds(300), new TransferReviewed(number));
    }
}

internal sealed class TransferredConsumer(LedgerDb db) : IConsumer<Transferred>
{
    public Task Consume(ConsumeContext<Transferred> context)
    {
        db.Entries.Add(new() { Number = context.Message.Number, What = "arrived" });
        return Task.CompletedTask;
    }
}

internal sealed class TransferReviewedConsumer(LedgerDb db) : IConsumer<TransferReviewed>
{
    public Task Consume(ConsumeContext<TransferReviewed> context)
    {
        db.Entries.Add(new() { Number = context.Message.Number, What = "reviewed" });
        return Task.CompletedTask;
    }
}
