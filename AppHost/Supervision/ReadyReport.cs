using Conductor.AppHost.Composition;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Conductor.AppHost.Supervision;

/// <summary>
/// Says on one line when everything is ready, with the addresses; or what is not, and why. What belongs to a service
/// (<c>WithParentRelationship</c>) is an addition to it, for which nobody has to wait.
/// </summary>
internal sealed class ReadyReport(DistributedApplicationModel model, ResourceNotificationService notifications, Supervisor supervisor, ResourceLogs logs,
    ConsoleLog console, DataFolder data, IConfiguration configuration, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var expected = model.Resources.Where(IsExpected).ToList();
        var late = (await Task.WhenAll(expected.Select(async r => await IsReadyAsync(r, stoppingToken) ? null : r))).OfType<IResource>().ToList();
        foreach (var resource in late)
        {
            foreach (var line in logs.Last(resource.Name, 10)) console.Announce($"{resource.Name}: {ConsoleLog.Readable(line)}");
        }
        var text = late.Count == 0
            ? string.Join("  ", (await AddressesAsync(stoppingToken)).Prepend("ready"))
            : $"not ready: {string.Join(", ", late.Select(r => r.Name))}";
        if (late.Count == 0) data.NoteReady(text);
        console.Announce(late.Count == 0 && configuration.GetValue("quiet", false) ? "ready" : text); // a log is no place for links that log in
    }

    private static bool IsExpected(IResource resource) => resource is IResourceWithWaitSupport && resource.Name != DashboardSettings.Resource &&
        !resource.HasAnnotationOfType<ExplicitStartupAnnotation>() &&
        !resource.Annotations.OfType<ResourceRelationshipAnnotation>().Any(r => r.Type == "Parent");

    private async Task<bool> IsReadyAsync(IResource resource, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var ready = notifications.WaitForResourceHealthyAsync(resource.Name, WaitBehavior.WaitOnResourceUnavailable, end.Token);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100), time);
        var started = time.GetTimestamp();
        while (!(ready.IsCompleted && supervisor.HasNoted(resource)) && !supervisor.KeepsFailing(resource) && time.GetElapsedTime(started) < Limit)
            await pause.WaitForNextTickAsync(stop);
        stop.ThrowIfCancellationRequested();
        await end.CancelAsync();
        return ready.IsCompletedSuccessfully;
    }

    private async Task<IReadOnlyList<string>> AddressesAsync(CancellationToken stop)
    {
        var addresses = new List<string>();
        foreach (var resource in model.Resources.OfType<ProjectResource>())
        {
            addresses.AddRange(resource.GetEndpoints().Where(e => e.EndpointAnnotation.IsExternal).Select(e => $"{resource.Name} {e.Url}"));
            foreach (var page in resource.Annotations.OfType<PageAnnotation>()) addresses.Add($"{resource.Name} {await page.Address.GetValueAsync(stop)}");
        }
        if (DashboardSettings.IsWanted(configuration)) addresses.Add($"dashboard {DashboardSettings.Login(configuration)}");
        return addresses;
    }
}
