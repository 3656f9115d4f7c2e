namespace Conductor.Postgres.Tests.Messaging;

public sealed record PlaceOrder(int Number, string? Fail = null);

public sealed record OrderPlaced(int Number, byte[]? Blob = null);

public sealed record OrderOverdue(int Number);
