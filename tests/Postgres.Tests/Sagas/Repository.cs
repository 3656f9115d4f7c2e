namespace Conductor.Postgres.Tests.Sagas;

/// <summary>The repositories that the contract holds for.</summary>
public enum Repository
{
    EntityFramework,
    GroupCommit,
}
