using Conductor.AppHost.Composition;
using Microsoft.Extensions.Hosting;

namespace Conductor.AppHost.Supervision;

/// <summary>
/// Watches Aspire's orchestrator (DCP), which starts and stops the processes: without it this application could only look on, and Aspire
/// says nothing when it is gone. Its monitors end the processes then; this application ends as well, and the next run starts anew.
/// </summary>
internal sealed class OrchestratorWatch(ProcessRecord record, DataFolder data, ConsoleLog console, IHostApplicationLifetime life, TimeProvider time)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, life.ApplicationStopping);
        using var pause = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            IReadOnlyList<ProcessStat> orchestrator;
            while ((orchestrator = Find()).Count < 2) await pause.WaitForNextTickAsync(end.Token);
            foreach (var process in orchestrator) record.Add(process.Id, "dcp");
            while (orchestrator.All(p => p.Lives())) await pause.WaitForNextTickAsync(end.Token);
            console.Announce("Aspire's orchestrator (DCP) was ended from outside, and everything else ends with it; ./run starts anew");
            data.Release();
            // An orderly stop would wait for the orchestrator.
            Environment.Exit(1);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested) { } // the application stops
    }

    /// <summary>The server that this process started, and the controllers that the server started.</summary>
    private static IReadOnlyList<ProcessStat> Find()
    {
        var (all, monitored) = (ProcessStat.All(), $" start-apiserver --monitor {Environment.ProcessId} ");
        var server = all.FirstOrDefault(p => p.CommandLine().Contains(monitored, StringComparison.Ordinal));
        return server is null ? [] :
            [server, .. all.Where(p => p.Parent == server.Id && p.CommandLine().Contains(" run-controllers ", StringComparison.Ordinal))];
    }
}
