using System.Buffers;
using Conductor.Domain.Workflows.Executions;
using Conductor.Files.Archives;
using Conductor.Postgres;
using Conductor.Postgres.Workflows.Retention;
using Conductor.Workflows.Answers;
using Conductor.Workflows.Definitions;

namespace Conductor.Workflows.Retention;

/// <summary>
/// Writes executions into the archive, one line of JSON each, as the API shows them, with their history and the logs of their tasks. Their day is
/// that of their end (UTC).
/// </summary>
internal sealed class ExecutionArchive(ArchiveFolder folder, DefinitionCatalog catalog, SetAside setAside)
{
    private const int AtOnce = 20;
    // As much JSON as one append takes, and one look into the archive reads.
    private const long MostBytes = 16 << 20;

    /// <summary>What cannot be archived.</summary>
    public SetAside SetAside => setAside;

    /// <summary>The day in whose folder an execution is.</summary>
    public static DateOnly DayOf(DateTimeOffset endedAt) => DateOnly.FromDateTime(endedAt.UtcDateTime);

    /// <summary>Archives executions of one definition and one day, for good.</summary>
    /// <returns>Those that are in the archive now. Others follow later, or are set aside.</returns>
    public async Task<IReadOnlyList<EndedKey>> AppendAsync(
        EndedRemoval removal, string name, IReadOnlyList<EndedKey> keys, CancellationToken cancellationToken)
    {
        using var lines = new ArchivedLines();
        foreach (var some in keys.Chunk(AtOnce))
        {
            foreach (var execution in await removal.LoadAsync(some, setAside.Add, cancellationToken)) await AddAsync(lines, execution, cancellationToken);
            if (lines.Bytes >= MostBytes) break;
        }
        if (lines.Ids.Count == 0) return [];
        // It waits for the disk: on a thread of its own, none of those that answer requests.
        await Task.Factory.StartNew(
            () => folder.Append(DayOf(keys[0].EndedAt), name, lines), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var archived = lines.Ids.ToHashSet();
        return [.. keys.Where(key => archived.Contains(key.Id))];
    }

    private async Task AddAsync(ArchivedLines lines, EndedExecution ended, CancellationToken cancellationToken)
    {
        var instance = ended.Execution.Instance;
        try
        {
            var graph = await catalog.GetAsync(instance.DefinitionHash, cancellationToken);
            var line = new ArrayBufferWriter<byte>();
            using (var writer = Answer.WriterTo(line))
                WorkflowAnswer.Write(writer, ended.Execution, JoinView.WithOutputsSoFar(ended.Tasks), graph, ended);
            lines.Add(instance.WorkflowId, line.WrittenSpan);
        }
        catch (Exception e) when (!DatabaseOutage.Is(e) && !cancellationToken.IsCancellationRequested)
        {
            setAside.Add(instance.WorkflowId, e);
        }
    }
}
