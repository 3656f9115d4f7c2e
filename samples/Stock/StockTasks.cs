using Conductor.Worker;

namespace Conductor.Stock;

public sealed record StockLine(string Sku, int Quantity);

public sealed record ReserveStock(string OrderId, IReadOnlyList<StockLine> Lines);

public sealed record ReleaseStock(string ReservationId);

public sealed record Reservation(string ReservationId, int Pieces, string State);

/// <summary>A warehouse that never runs empty, but gives no one more than a hundred pieces of a thing.</summary>
public sealed class StockTasks
{
    private const int Most = 100;

    [WorkerTask("stock_reserve", Concurrency = 4)]
    public Reservation Reserve(ReserveStock input)
    {
        if (input.Lines.FirstOrDefault(line => line.Quantity is < 1 or > Most) is { } line)
            throw new TaskFailedException($"{line.Quantity} pieces of {line.Sku} cannot be reserved; 1 to {Most} can", terminal: true);
        return new Reservation("R-" + input.OrderId, input.Lines.Sum(l => l.Quantity), "reserved");
    }

    [WorkerTask("stock_release", Concurrency = 4)]
    public Reservation Release(ReleaseStock input) => new(input.ReservationId, 0, "released");
}
