using Conductor.Domain.Recoverability.Retrying;
using Conductor.Operations.Collecting;
using Conductor.Postgres.Recoverability;
using Conductor.Postgres.Supervision;
using Conductor.RabbitMqQueues;
using Conductor.ServiceDefaults.Changes;
using Microsoft.Extensions.Options;

namespace Conductor.Operations.Retrying;

/// <summary>Sends the messages of retries, as fast as each of them may go, and looks what has become of them.</summary>
internal sealed class RetryDispatcher(
    BackgroundLoops loops, BrokerConnections connections, RetryStore retries, Signal signal, ChangeFeed changes, IOptions<OperationsOptions> options,
    TimeProvider time) : BackgroundService
{
    // So often what is under way goes on; what is not waits for a signal.
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private const int PerBatch = 500;
    private readonly Dictionary<Guid, RateAllowance> _allowances = [];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("sending messages again", TurnAsync, stoppingToken);

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken stopping)
    {
        var underWay = await UnderWayAsync(stopping);
        if (underWay.Count == 0)
        {
            await loop.RestAsync(signal.WaitAsync(Idle, time, stopping));
            return;
        }
        await using var connection = await connections.OpenAsync("retries", stopping);
        await using var sender = await QueueSender.OpenAsync(connection, stopping);
        while (underWay.Count > 0)
        {
            foreach (var retry in underWay) await GoOnAsync(retry, sender, stopping);
            await loop.RestAsync(signal.WaitAsync(Beat, time, stopping));
            underWay = await UnderWayAsync(stopping);
        }
        _allowances.Clear();
    }

    private async Task<List<StoredRetry>> UnderWayAsync(CancellationToken stopping) =>
        [.. (await retries.OpenAsync(stopping)).Where(retry => retry.State.IsUnderWay)];

    private async Task GoOnAsync(StoredRetry retry, QueueSender sender, CancellationToken stopping)
    {
        var now = time.GetUtcNow();
        var isPatienceOver = retry.LastDispatchedAt is { } last && now - last > options.Value.ConfirmPatience;
        var state = await retries.DoAsync(retry.Id, new RetryCommand.Review(retry.Progress, isPatienceOver), now, stopping);
        if (state is null) return;
        if (state != retry.State) changes.Changed(DeadLetterIntake.Topic);
        if (!_allowances.TryGetValue(retry.Id, out var allowance)) _allowances[retry.Id] = allowance = new RateAllowance(state.Plan!.PerSecond, time);
        var most = Math.Min(allowance.Take(PerBatch), state.Room(retry.Progress));
        if (most == 0) return;
        var sent = await retries.DispatchAsync(retry.Id, most, waiting => SendAsync(sender, waiting, stopping), now, stopping);
        if (sent > 0) changes.Changed(DeadLetterIntake.Topic);
    }

    private static async Task<IReadOnlyList<string?>> SendAsync(QueueSender sender, IReadOnlyList<StoredFailure> waiting, CancellationToken stopping)
    {
        var known = waiting.Where(HasQueue).ToList();
        var sent = await sender.SendAsync([.. known.Select(f => new QueuedLetter(f.Summary.Id, f.Summary.Endpoint, f.Letter))], stopping);
        var outcomes = known.Zip(sent).ToDictionary(pair => pair.First.Summary.Id, pair => pair.Second);
        return [.. waiting.Select(f => HasQueue(f) ? outcomes[f.Summary.Id] : "nobody knows the queue in which it belongs")];
    }

    private static bool HasQueue(StoredFailure failure) => failure.Summary.Endpoint.Length > 0;
}
