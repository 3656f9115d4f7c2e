using Conductor.Contracts.Pipelines;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Pipelines.Definitions;
using Conductor.Postgres.Pipelines;
using Conductor.Postgres.Supervision;
using Conductor.ServiceDefaults.Changes;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// Makes what runs in this process equal to what the sagas say: also after a restart, and with several processes of the service.
/// </summary>
internal sealed class PipelineSupervisor(
    PipelineStore store, StoredDefinitions definitions, PipelineRuns runs, NodeFactory factory, IGroupStore groups, IBus bus, ChangeFeed changes,
    IOptions<PipelineOptions> options, BackgroundLoops loops, TimeProvider time, ILogger<PipelineSupervisor> logger) : BackgroundService
{
    // While something comes or goes: other processes end their part without a word, and a run that fails only says so.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Repeat = TimeSpan.FromSeconds(10);
    private readonly Dictionary<(string Name, long Epoch), DateTimeOffset> _told = [];
    private readonly Signal _changed = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(
            loops.RunAsync("the supervisor of pipelines", TurnAsync, stoppingToken),
            loops.RunAsync("the listener for pipelines", (loop, stop) => loop.RestAsync(store.ListenAsync(Look, stop)), stoppingToken));
        // The sagas stay Running: the next process goes on where this one drained.
        await Task.WhenAll(runs.All.Select(run => run.DisposeAsync().AsTask()));
    }

    private void Look() => _changed.Raise();

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        var pause = await ReconcileAsync(cancellationToken) ? Late : Soon;
        await loop.RestAsync(_changed.WaitAsync(pause, time, cancellationToken));
    }

    // False while something is on its way.
    private async Task<bool> ReconcileAsync(CancellationToken cancellationToken)
    {
        var active = await store.ActiveAsync(cancellationToken);
        foreach (var run in runs.All) await ApartAsync(run.Pipeline, () => LookAfterAsync(run, active, cancellationToken));
        foreach (var pipeline in active.Where(p => runs.Find(p.Name) is null))
            await ApartAsync(pipeline.Name, () => AdvanceAsync(pipeline, cancellationToken));
        foreach (var told in _told.Keys.Where(t => !active.Any(p => p.Name == t.Name && p.Epoch == t.Epoch)).ToList()) _told.Remove(told);
        return active.All(p => p.Status == PipelineStatus.Running && runs.Find(p.Name) is { Epoch: var epoch, End: null } && epoch == p.Epoch)
            && runs.All.All(run => run.IsWanted);
    }

    // What is wrong with one pipeline is not to keep the others waiting.
    private async Task ApartAsync(string pipeline, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (e is not (OperationCanceledException or StreamUnavailableException))
        {
            RuntimeLog.PipelineFailed(logger, pipeline, e);
        }
    }

    private async Task LookAfterAsync(PipelineRun run, IReadOnlyList<StoredPipeline> active, CancellationToken cancellationToken)
    {
        var stored = active.FirstOrDefault(p => p.Name == run.Pipeline && p.Epoch == run.Epoch && p.Status == PipelineStatus.Running);
        if (stored is null) run.Drain();
        else if (run.End is { } reason) await EndAsync(stored, reason, cancellationToken);
        if (!run.Ended.IsCompleted) return;
        if (run.Ended.Exception is { } failure) RuntimeLog.PipelineFailed(logger, run.Pipeline, failure.GetBaseException());
        await run.DisposeAsync();
        runs.Remove(run);
        changes.Changed("pipelines");
        RuntimeLog.RunDrained(logger, run.Pipeline, run.Epoch);
    }

    private Task EndAsync(StoredPipeline pipeline, string reason, CancellationToken cancellationToken)
    {
        RuntimeLog.RunEnds(logger, pipeline.Name, pipeline.Epoch, reason);
        var failed = new PipelineFailed { PipelineId = PipelineIds.Of(pipeline.Name), Epoch = pipeline.Epoch, Reason = reason };
        return TellAsync(pipeline, failed, cancellationToken);
    }

    // Here nothing of the pipeline runs in this process.
    private Task AdvanceAsync(StoredPipeline pipeline, CancellationToken cancellationToken) => pipeline.Status switch
    {
        PipelineStatus.Running => BeginAsync(pipeline, cancellationToken),
        PipelineStatus.Draining => ReportDrainedAsync(pipeline, cancellationToken),
        // The saga has asked for it already: this is for the case that the answer went missing.
        PipelineStatus.Provisioning when time.GetUtcNow() - pipeline.UpdatedAt > Repeat => TellAsync(pipeline, new ProvisionPipeline
        {
            PipelineId = PipelineIds.Of(pipeline.Name), Name = pipeline.Name, Epoch = pipeline.Epoch,
        }, cancellationToken),
        _ => Task.CompletedTask,
    };

    private Task BeginAsync(StoredPipeline pipeline, CancellationToken cancellationToken)
    {
        var parsed = definitions.Of(pipeline);
        if (parsed.Definition is not { } definition)
            return TellAsync(pipeline,
                new PipelineFailed { PipelineId = PipelineIds.Of(pipeline.Name), Epoch = pipeline.Epoch, Reason = parsed.Errors[0].Message },
                cancellationToken);
        RuntimeLog.RunBegins(logger, pipeline.Name, pipeline.Epoch);
        var nodes = factory.Create(definition, pipeline.Epoch, pipeline.Generation);
        foreach (var node in nodes) node.Status.HasEnded = Look;
        var run = new PipelineRun(pipeline.Name, pipeline.Epoch, nodes, factory.Process, options.Value.Lease);
        runs.Add(run);
        _ = run.Ended.ContinueWith(_ => Look(), TaskScheduler.Default);
        changes.Changed("pipelines");
        return Task.CompletedTask;
    }

    private async Task ReportDrainedAsync(StoredPipeline pipeline, CancellationToken cancellationToken)
    {
        var nodes = definitions.Of(pipeline).Definition?.Nodes ?? [];
        foreach (var node in nodes)
        {
            if (await groups.HasMembersAsync(new(NodeNames.InstancesOf(pipeline.Name), node.Name), cancellationToken)) return;
        }
        await TellAsync(pipeline, new PipelineDrained { PipelineId = PipelineIds.Of(pipeline.Name), Epoch = pipeline.Epoch }, cancellationToken);
    }

    private async Task TellAsync<T>(StoredPipeline pipeline, T message, CancellationToken cancellationToken) where T : class
    {
        var now = time.GetUtcNow();
        if (_told.TryGetValue((pipeline.Name, pipeline.Epoch), out var at) && now - at < Repeat) return;
        await bus.Publish(message, cancellationToken);
        _told[(pipeline.Name, pipeline.Epoch)] = now;
    }
}
