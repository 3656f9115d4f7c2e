using MassTransit;

namespace Conductor.Postgres.Tests.Sagas;

/// <summary>Counts: creates the tally if there is none.</summary>
public sealed record Count
{
    public required Guid TallyId { get; init; }
    public int Step { get; init; } = 1;
    public string? Name { get; init; }
    public int Sequence { get; init; }
}

/// <summary>Counts, then throws.</summary>
public sealed record CountAndFail
{
    public required Guid TallyId { get; init; }
}

public sealed record CloseTally
{
    public required Guid TallyId { get; init; }
}

public sealed record GetTally
{
    public required Guid TallyId { get; init; }
}

public sealed record TallyFound(Guid TallyId, int Total);

public sealed record TallyNotFound(Guid TallyId);

public sealed record Counted(Guid TallyId, int Total);

public sealed class CountFailedException() : Exception("counted, and failed");
