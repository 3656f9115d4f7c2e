using MassTransit;

namespace Conductor.StreamRider.Tests.Riding;

public sealed record OrderPlaced(int Number, string Customer = "", string? Fail = null) : CorrelatedBy<Guid>
{
    // For messages that MassTransit makes of an object's properties.
    public OrderPlaced()
        : this(0)
    {
    }

    public Guid CorrelationId { get; init; } = Guid.NewGuid();
}

public sealed record OrderShipped(int Number, string Customer = "")
{
    public OrderShipped()
        : this(0)
    {
    }
}

public sealed record Unwanted(int Number);
