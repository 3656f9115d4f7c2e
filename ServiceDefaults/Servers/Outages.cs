using Microsoft.Extensions.Hosting;

namespace Conductor.ServiceDefaults.Servers;

/// <summary>The watches that logging may ask. They log themselves, so logging cannot be made with them: it gets them when the service starts.</summary>
internal sealed class Outages
{
    private volatile ServerWatch[] _watches = [];

    /// <summary>Whether the failure may come of a server that is out of reach; nothing is noted.</summary>
    public bool MayExplain(Exception exception) => Array.Exists(_watches, watch => watch.MayExplain(exception));

    public bool Explain(Exception exception) => Array.Find(_watches, watch => watch.MayExplain(exception)) is { } watch && watch.Explains(exception);

    internal sealed class Start(Outages outages, IEnumerable<ServerWatch> watches) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken)
        {
            outages._watches = [.. watches];
            return Task.CompletedTask;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken)
        {
            // What fails from here on fails because the service ends, and is told as it is.
            outages._watches = [];
            return Task.CompletedTask;
        }
    }
}
