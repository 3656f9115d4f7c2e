using Conductor.Worker;

namespace Conductor.Shipping;

public sealed record DispatchParcel(string OrderId, string ReservationId, string Address);

public sealed record Parcel(string TrackingId, string Address);

/// <summary>Hands the parcel over; the carrier takes a moment.</summary>
public sealed class ShippingTasks(TimeProvider time)
{
    private static readonly TimeSpan Handover = TimeSpan.FromMilliseconds(300);

    // It mostly waits.
    [WorkerTask("shipping_dispatch", Concurrency = 16)]
    public async Task<Parcel> DispatchAsync(DispatchParcel input, TaskContext task, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(input.Address)) throw new TaskFailedException("a parcel needs an address", terminal: true);
        await Task.Delay(Handover, time, cancellationToken);
        task.Log($"{input.ReservationId} is on its way to {input.Address}");
        return new Parcel("T-" + input.OrderId, input.Address);
    }
}
