using MassTransit.Transports;

namespace Conductor.StreamRider.Consuming;

/// <summary>Tells MassTransit whether an endpoint works: all of its parts do, the membership in its group and each partition that it reads.</summary>
internal sealed class EndpointHealth(ReceiveEndpointContext endpoint)
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly HashSet<object> _failing = [];
    private bool _isReady;

    /// <summary>The endpoint starts: nothing is known of it yet.</summary>
    public void Begin()
    {
        _failing.Clear();
        _isReady = false;
    }

    /// <summary>A part works (again), or is no more.</summary>
    public async Task WorksAsync(object part)
    {
        await _turn.WaitAsync();
        try
        {
            _failing.Remove(part);
            if (_isReady || _failing.Count > 0) return;
            _isReady = true;
            await endpoint.TransportObservers.NotifyReady(endpoint.InputAddress);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A part does not work now.</summary>
    public async Task FailsAsync(object part, Exception exception)
    {
        await _turn.WaitAsync();
        try
        {
            if (!_failing.Add(part)) return;
            _isReady = false;
            await endpoint.TransportObservers.NotifyFaulted(endpoint.InputAddress, exception);
        }
        finally
        {
            _turn.Release();
        }
    }
}
