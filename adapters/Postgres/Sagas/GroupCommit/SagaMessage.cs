namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>A message of a batch and the instance that it is for.</summary>
/// <param name="SagaId">Correlation id; the instance need not exist.</param>
/// <param name="Message">The message, or null where an instance is only read.</param>
public readonly record struct SagaMessage(Guid SagaId, object? Message);
