using Npgsql;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>
/// The transaction of the running batch, a payload of the consume context (<c>context.GetPayload&lt;ISagaTransaction&gt;()</c>): for
/// reads, and for writes that are to be committed with the instance. Only for the time of the message, never kept.
/// </summary>
public interface ISagaTransaction
{
    /// <summary>The batch's open connection. Asking for it makes the whole batch run again when this message fails later.</summary>
    NpgsqlConnection Connection { get; }

    /// <summary>The batch's transaction.</summary>
    NpgsqlTransaction Transaction { get; }

    /// <summary>
    /// Runs after the commit and before the caller is answered; never when the message fails or runs again. It must not fail:
    /// what it throws is logged and changes nothing.
    /// </summary>
    void OnCommitted(Func<Task> action);
}
