using MassTransit;

namespace Conductor.StreamRider.Tests.Riding;

public sealed record OrderPlaced(int Number, string Customer = "", string? Fail = null) : CorrelatedBy<Guid>
{
    public Guid CorrelationId { get; init; } = Guid.NewGuid();
}

public sealed record OrderShipped(int Number, string Customer = "");

public sealed record Unwanted(int Number);
