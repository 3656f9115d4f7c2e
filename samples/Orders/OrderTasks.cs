using Conductor.Worker;

namespace Conductor.Orders;

public sealed record OrderLine(string Sku, int Quantity, decimal Price);

public sealed record CreateOrder(string Customer, IReadOnlyList<OrderLine> Lines);

public sealed record CancelOrder(string OrderId, string Reason);

public sealed record OrderState(string OrderId, decimal Total, string State);

/// <summary>The order's number comes from the execution, so that a second attempt makes the same order and not another one.</summary>
public sealed class OrderTasks
{
    [WorkerTask("order_create", Concurrency = 4)]
    public OrderState Create(CreateOrder input, TaskContext task)
    {
        if (input.Lines is not { Count: > 0 }) throw new TaskFailedException("an order needs at least one line", terminal: true);
        var total = input.Lines.Sum(line => line.Quantity * line.Price);
        task.Log($"{input.Customer} orders {input.Lines.Count} lines for {total}");
        return new OrderState("O-" + task.WorkflowId[..8], total, "created");
    }

    [WorkerTask("order_cancel", Concurrency = 4)]
    public OrderState Cancel(CancelOrder input, TaskContext task)
    {
        task.Log($"cancelled: {input.Reason}");
        return new OrderState(input.OrderId, 0, "cancelled");
    }
}
