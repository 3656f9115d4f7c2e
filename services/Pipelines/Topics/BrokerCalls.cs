using Conductor.Domain.Streams.Brokers;

namespace Conductor.Pipelines.Topics;

/// <summary>Questions to a broker on behalf of somebody who waits for the answer.</summary>
internal static class BrokerCalls
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The answer, within five seconds.</summary>
    /// <exception cref="StreamUnavailableException">There is none, or none in this time.</exception>
    public static async Task<T> AskAsync<T>(this IStreamBroker broker, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        giveUp.CancelAfter(Patience);
        try
        {
            return await ask(giveUp.Token).WaitAsync(giveUp.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StreamUnavailableException($"{broker.Name} did not answer within {Patience.TotalSeconds:0} s");
        }
    }
}
