using System.Runtime.CompilerServices;
using System.Text.Json;
using Conductor.Console.Clients.Pipelines;
using Conductor.Console.Clients.Workflows;

namespace Conductor.Console.Health;

/// <summary>What the services last said, not older than <see cref="Freshness"/>. Everybody who asks meanwhile shares one round of calls.</summary>
internal sealed class HealthWatch(IServiceProvider services, TimeProvider time)
{
    public const string Topic = "health";
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);
    private static readonly string[] Watched = [WorkflowsClient.Service, PipelinesClient.Service];
    private readonly Lock _gate = new();
    private Task<Answer>? _answer;

    public async Task<IReadOnlyList<ServiceHealth>> NowAsync() => (await Current()).All;

    /// <summary>Tells open pages every two seconds what they should be showing; those that show it already do nothing.</summary>
    public async IAsyncEnumerable<string> ChangesAsync([EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            yield return JsonSerializer.Serialize(new { topic = Topic, says = ServiceHealth.Complaint(await NowAsync()) });
            await Task.Delay(Freshness, time, ct);
        }
    }

    private Task<Answer> Current()
    {
        lock (_gate)
        {
            if (_answer is null || (_answer.IsCompleted && (!_answer.IsCompletedSuccessfully || time.GetElapsedTime(_answer.Result.At) >= Freshness)))
                _answer = AskAsync();
            return _answer;
        }
    }

    private async Task<Answer> AskAsync()
    {
        // A client of its own each time, or it would keep its connections' handler for ever.
        var client = services.GetRequiredService<HealthClient>();
        var all = await Task.WhenAll(Watched.Select(client.AskAsync));
        return new(all, time.GetTimestamp());
    }

    private sealed record Answer(IReadOnlyList<ServiceHealth> All, long At);
}
