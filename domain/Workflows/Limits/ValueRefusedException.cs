namespace Conductor.Domain.Workflows.Limits;

/// <summary>A value that may not be made: too large, too deep, or too much work. Its task fails with the message.</summary>
public sealed class ValueRefusedException(string message) : Exception(message);
