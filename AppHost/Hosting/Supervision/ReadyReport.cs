using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Logs;
using Conductor.Hosting.Resolution;
using Microsoft.Extensions.Hosting;

namespace Conductor.Hosting.Supervision;

/// <summary>
/// Says on one line when everything is ready, with the addresses; or what is not, and why. What has a parent (<c>WithParentRelationship</c>)
/// is an addition to it, for which nobody has to wait.
/// </summary>
internal sealed class ReadyReport(ResourceServices services, DistributedApplicationExecutionContext execution, ConsoleLog console) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var expected = services.Model.Resources.Where(IsExpected).ToList();
        var reached = await Task.WhenAll(expected.Select(async r => (Resource: r, Status: await services.Board.WaitAsync(r.Name, s => s.IsReady || s.IsFinal, stoppingToken))));
        var failed = reached.Where(r => !r.Status.IsReady).ToList();
        foreach (var (resource, status) in failed)
        {
            foreach (var line in services.Logs[resource.Name].Tail(10)) console.Announce($"{resource.Name}: {JsonLine.Render(line.Line)}");
        }
        console.Announce(failed.Count == 0
            ? "ready" + string.Concat((await UrlsAsync(stoppingToken)).Select(u => $"  {u}"))
            : $"not ready: {string.Join(", ", failed.Select(f => $"{f.Resource.Name} is {f.Status.State}"))}");
    }

    private static bool IsExpected(IResource resource) => resource is not ParameterResource &&
        !resource.Annotations.OfType<ResourceRelationshipAnnotation>().Any(r => r.Type == "Parent") &&
        !resource.Annotations.OfType<ExplicitStartupAnnotation>().Any() && !resource.Annotations.OfType<UnavailableAnnotation>().Any();

    private async Task<IReadOnlyList<string>> UrlsAsync(CancellationToken cancellationToken)
    {
        var shown = new List<string>();
        foreach (var resource in services.Model.Resources)
        {
            // What was said by WithUrl or WithUrls is for people; else the external endpoints are.
            var context = new ResourceUrlsCallbackContext(execution, resource, [.. resource.Annotations.OfType<ResourceUrlAnnotation>()], cancellationToken);
            foreach (var callback in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>()) await callback.Callback(context);
            if (context.Urls.Count == 0)
                context.Urls.AddRange(resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.IsExternal).Select(e => new ResourceUrlAnnotation { Url = e.AllocatedEndpoint!.UriString }));
            shown.AddRange(context.Urls.Select(u => $"{u.DisplayText ?? resource.Name} {u.Url}"));
        }
        return shown;
    }
}
