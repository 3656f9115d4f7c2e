using Npgsql;

namespace Conductor.Postgres.Outbox;

/// <summary>
/// A database transaction in which a message of whatever type is being consumed, and into which what the consumer sends is written. The
/// consume context itself implements it, so that <c>context.TryGetPayload(out IMessageTransaction transaction)</c> finds it below any
/// wrapping context, and no longer finds it once the transaction has ended.
/// </summary>
internal interface IMessageTransaction
{
    /// <summary>The transaction; whoever began it ends it.</summary>
    NpgsqlTransaction Transaction { get; }

    /// <summary>Cancels a scheduled message, in the transaction.</summary>
    /// <param name="token">Its token.</param>
    void Cancel(Guid token);
}
