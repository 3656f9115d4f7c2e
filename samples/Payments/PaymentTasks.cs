using Conductor.Worker;

namespace Conductor.Payments;

public sealed record ChargePayment(string OrderId, decimal Amount);

public sealed record Payment(bool Approved, string? PaymentId, string? Reason);

/// <summary>What happens depends on the amount alone, so that a demonstration can be told in advance.</summary>
public sealed class PaymentTasks
{
    public const decimal Limit = 400m;

    /// <summary>Declines more than <see cref="Limit"/>; for amounts that end in .99 the bank answers only the second time.</summary>
    [WorkerTask("payment_charge", Concurrency = 4)]
    public Payment Charge(ChargePayment input, TaskContext task)
    {
        if (input.Amount <= 0) throw new TaskFailedException($"an amount of {input.Amount} cannot be charged", terminal: true);
        if (input.Amount % 1 == 0.99m && task.Attempt == 0) throw new TaskFailedException("the bank does not answer");
        if (input.Amount > Limit) return new Payment(Approved: false, null, $"{input.Amount} is above the card's limit of {Limit}");
        task.Log($"charged {input.Amount}");
        return new Payment(Approved: true, "P-" + task.WorkflowId[..8], null);
    }
}
