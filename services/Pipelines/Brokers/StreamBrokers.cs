using Conductor.Domain.Streams.Brokers;

namespace Conductor.Pipelines.Brokers;

/// <summary>The brokers of this service, by name. Disposing disposes them.</summary>
/// <param name="brokers">Those that are configured; each has a name of its own.</param>
/// <param name="defaultName">Which one serves where none is named.</param>
/// <exception cref="InvalidOperationException">None has the name of the default.</exception>
internal sealed class StreamBrokers(IReadOnlyList<IStreamBroker> brokers, string defaultName) : IAsyncDisposable
{
    public IReadOnlyList<IStreamBroker> All { get; } = brokers;

    public IStreamBroker Default { get; } = brokers.FirstOrDefault(broker => broker.Name == defaultName) ?? throw new InvalidOperationException(
        $"Pipelines:Broker names '{defaultName}', which is not configured; there is {string.Join(", ", brokers.Select(broker => broker.Name))}");

    /// <summary>The broker of a name, or null when there is none.</summary>
    public IStreamBroker? Find(string name) => All.FirstOrDefault(broker => broker.Name == name);

    public async ValueTask DisposeAsync()
    {
        foreach (var broker in All.OfType<IAsyncDisposable>()) await broker.DisposeAsync();
    }
}
