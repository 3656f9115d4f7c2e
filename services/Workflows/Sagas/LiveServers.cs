using System.Buffers.Binary;
using Conductor.Postgres;
using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Sagas;

/// <summary>
/// The servers that share the database. A server that is alone keeps executions in memory between batches, takes no locks and tells nobody what it
/// commits; with others each task has one server that hands it out. Should two not know of each other yet, the versions of the rows keep them apart.
/// </summary>
internal sealed class LiveServers(Servers servers, BackgroundLoops loops, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = Servers.Silence / 3;
    private IReadOnlyList<Guid> _live = [];
    private readonly Signal _changed = new();

    /// <summary>This server.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Others live, or may.</summary>
    public bool AreOthers => _live is not [var only] || only != Id;

    /// <summary>Called when a server has come or gone: tasks have other homes.</summary>
    public Action? Changed { get; set; }

    /// <summary>The server that is to hand a task out.</summary>
    public Guid HomeOf(Guid taskId)
    {
        var live = _live;
        if (live.Count < 2) return Id;
        Span<byte> bytes = stackalloc byte[16];
        taskId.TryWriteBytes(bytes);
        // The random end of the id: the same number on every server.
        return live[(int)(BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) % (uint)live.Count)];
    }

    /// <summary>Look at once.</summary>
    public void Look() => _changed.Raise();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await servers.LeaveAsync(Id, cancellationToken);
        }
        catch (Exception e) when (DatabaseOutage.Is(e))
        {
            // Whoever is left notices by the silence.
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the list of servers", TurnAsync, stoppingToken);

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        var live = await servers.ShowAsync(Id, cancellationToken);
        if (!live.SequenceEqual(_live))
        {
            _live = live;
            Changed?.Invoke();
        }
        await loop.RestAsync(_changed.WaitAsync(Every, time, cancellationToken));
    }
}
