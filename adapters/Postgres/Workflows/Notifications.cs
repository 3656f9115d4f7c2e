using Conductor.Postgres.Sagas.GroupCommit;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>
/// What commits tell every server that uses the database (LISTEN/NOTIFY): executions that have changed, with the tasks that another server is to
/// hand out; definitions that have changed; servers that have come or gone. Commits tell nothing while there is only one server. What is lost
/// is made up for when the listener is back.
/// </summary>
public sealed class Notifications(NpgsqlDataSource source, TimeSpan? silence = null)
{
    internal const string Servers = "conductor_servers";
    private const string Executions = "conductor_executions";
    private const string Definitions = "conductor_definitions";

    /// <summary>Listens on a connection of its own until it is lost; a connection that died silently is noticed within 20 s.</summary>
    /// <param name="listening">Called once it listens: whatever was told before is lost.</param>
    /// <param name="executionsChanged">Called when another server has changed executions, with the server that is to hand the tasks out.</param>
    /// <param name="definitionsChanged">Called when a definition was registered or removed.</param>
    /// <param name="serversChanged">Called when a server has come or gone.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task ListenAsync(
        Action listening, Action<Guid, IReadOnlyList<QueuedTask>> executionsChanged, Action definitionsChanged, Action serversChanged,
        CancellationToken cancellationToken) => Listener.ListenAsync(source, [Executions, Definitions, Servers], listening, (channel, payload) =>
    {
        switch (channel)
        {
            case Definitions: definitionsChanged(); break;
            case Servers: serversChanged(); break;
            default: executionsChanged(QueuedTaskText.Server(payload), QueuedTaskText.Read(payload)); break;
        }
    }, silence, cancellationToken);

    /// <summary>Tells with the commit of a batch that executions have changed, and which tasks a server is to hand out.</summary>
    public static void AddExecutionsChanged(BatchTransaction transaction, Guid server, IReadOnlyList<QueuedTask> tasks)
    {
        foreach (var payload in QueuedTaskText.Write(server, tasks)) transaction.Statements.Add("SELECT pg_notify($1, $2)", Executions, payload);
    }

    internal static void AddDefinitionsChanged(NpgsqlBatch batch) => batch.Add("SELECT pg_notify($1, '')", Definitions);
}
