using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace Conductor.AppHost.Supervision;

/// <summary>
/// Watches Aspire's orchestrator (DCP), which starts and stops the processes: without it this application could only look on, and Aspire
/// says nothing when it is gone. Everything is ended then, and the next run starts anew.
/// </summary>
internal sealed class OrchestratorWatch(ProcessRecord record, PlatformLock platform, ConsoleLog console, IHostApplicationLifetime life, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, life.ApplicationStopping);
        using var pause = new PeriodicTimer(Pause, time);
        try
        {
            IReadOnlyList<ProcessStat> orchestrator;
            while ((orchestrator = Find()).Count < 2) await pause.WaitForNextTickAsync(end.Token);
            foreach (var process in orchestrator) record.Add(process.Id, Signal.Terminate, "dcp");
            while (orchestrator.All(p => p.Lives())) await pause.WaitForNextTickAsync(end.Token);
            await EndAllAsync();
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    /// <summary>The server that this process started, and the controllers that the server started.</summary>
    private static IReadOnlyList<ProcessStat> Find()
    {
        var monitored = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var all = ProcessStat.All();
        var server = all.FirstOrDefault(p => p.Arguments() is [_, "start-apiserver", .. var rest] && rest.SkipWhile(a => a != "--monitor").Skip(1).FirstOrDefault() == monitored);
        return server is null ? [] : [server, .. all.Where(p => p.Parent == server.Id && p.Arguments() is [_, "run-controllers", ..])];
    }

    private async Task EndAllAsync()
    {
        console.Announce("Aspire's orchestrator (DCP) was ended from outside: everything else is ended as well, and the next ./run starts anew");
        await Leftovers.EndAsync([.. record.Read().Where(p => p.Id != Environment.ProcessId)], time, CancellationToken.None);
        platform.Dispose();
        // An orderly stop would wait for the orchestrator.
        Environment.Exit(1);
    }
}
