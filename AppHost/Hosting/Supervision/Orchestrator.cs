using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Conductor.Hosting.Composition;
using Conductor.Hosting.Launching;
using Conductor.Hosting.Logs;
using Conductor.Hosting.Processes;
using Conductor.Hosting.Proxy;
using Conductor.Hosting.Resolution;
using Microsoft.Extensions.Hosting;

namespace Conductor.Hosting.Supervision;

/// <summary>Starts all resources, each as soon as what it waits for is there, and stops them in reverse order.</summary>
internal sealed class Orchestrator(ResourceServices services, Launchers launchers, DataFolder data, ProcessRecord record, ConsoleLog console) : IHostedService, IDisposable
{
    private readonly List<FrontPort> _fronts = [];
    private readonly Dictionary<string, ResourceController> _controllers = new(StringComparer.OrdinalIgnoreCase);
    private IDisposable? _lock;

    public ResourceController? this[string name] => _controllers.GetValueOrDefault(name);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var resources = services.Model.Resources;
        StopOrder.RejectCycles(resources);
        _lock = data.Take();
        var left = await Leftovers.EndAsync(record.Read(), services.Time, cancellationToken);
        if (left.Count > 0) console.Announce($"ended what an earlier run had left behind: {string.Join(", ", left)}");
        await services.Eventing.PublishAsync(new BeforeStartEvent(services.Provider, services.Model), cancellationToken);
        EndpointAllocator.Allocate(resources);
        PortCheck.EnsureFree(resources);
        OpenFronts(resources);
        record.Add(Environment.ProcessId, Signal.Terminate, "apphost");
        foreach (var resource in resources) _controllers[resource.Name] = new ResourceController(resource, launchers.For(resource), services);
        foreach (var resource in resources) await BeginAsync(resource);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await StopOrder.StopAsync(services.Model.Resources, r => _controllers.TryGetValue(r.Name, out var controller) ? controller.StopAsync() : Task.CompletedTask);
        foreach (var front in _fronts) await front.DisposeAsync();
        if (_lock is not null) record.Delete();
    }

    public void Dispose() => _lock?.Dispose();

    private async Task BeginAsync(IResource resource)
    {
        if (resource.Annotations.OfType<UnavailableAnnotation>().FirstOrDefault() is { } unavailable)
            services.Logs[resource.Name].Write(LogStream.Host, $"is not available: {unavailable.Why}");
        else if (resource is ParameterResource)
            services.Board.Update(resource.Name, s => s with { State = KnownResourceStates.Active });
        else if (!resource.Annotations.OfType<ExplicitStartupAnnotation>().Any())
            await _controllers[resource.Name].StartAsync();
    }

    private void OpenFronts(IEnumerable<IResource> resources)
    {
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => EndpointAllocator.NeedsFront(resource, e)).ToList())
            {
                var targets = new ReplicaTargets(endpoint.Name, ReplicaPorts.Of(resource)!.All(endpoint));
                resource.Annotations.Add(targets);
                var front = new FrontPort(endpoint.AllocatedEndpoint!.Port, targets);
                front.Start();
                _fronts.Add(front);
            }
        }
    }
}
