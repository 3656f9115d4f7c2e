namespace Conductor.Contracts.Operations;

/// <summary>A message that was sent again has been consumed. Every service of the platform says so of what it consumes.</summary>
public sealed record RetriedMessageConsumed
{
    /// <summary>Header of the message (<c>conductor-retry-of</c>) that says which failure is tried again.</summary>
    public const string Header = "conductor-retry-of";

    /// <summary>That failure.</summary>
    public required Guid FailureId { get; init; }
}
