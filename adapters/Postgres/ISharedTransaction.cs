using Microsoft.EntityFrameworkCore;

namespace Conductor.Postgres;

/// <summary>
/// A payload of the consume context: a transaction is open on this DbContext, and whoever opened it (an endpoint's outbox) commits
/// it. What handles the message works in it instead of opening one of its own.
/// </summary>
public interface ISharedTransaction
{
    /// <summary>The DbContext with the open transaction.</summary>
    DbContext DbContext { get; }
}
