namespace Conductor.Postgres.Tests.Sagas;

/// <summary>The ways to keep instances that the contract holds for: MassTransit's repository, and events raised in group commit.</summary>
public enum Repository
{
    EntityFramework,
    GroupCommit,
}
