using System.Text.Json;
using Conductor.Contracts;
using Conductor.Contracts.Workflows;
using Conductor.Worker.Execution;
using MassTransit;

namespace Conductor.Worker.Bus;

/// <summary>Sends what workers have to say to the server.</summary>
internal sealed class BusTasks(IBus bus, ConductorWorkersBuilder options, ServerOutage outage, TimeProvider time)
{
    private static readonly Uri Server = BusAddress.Of(WorkflowQueues.TaskMessages);
    private static readonly JsonElement NoOutput = JsonSerializer.SerializeToElement(new { });
    // Publishes begin one after the other: where two wait for a channel when the broker dies, consumers may never come back (docs/adr/0007-packages.md).
    private readonly Lock _turn = new();

    // A message that is broken off shows as an error; one that its task has outrun may as well arrive.
    public Task ExtendLeaseAsync(Assignment task, CancellationToken cancellationToken) =>
        SendAsync(bus, new ExtendTaskLease { WorkflowId = Guid.Parse(task.WorkflowId), TaskId = Guid.Parse(task.TaskId), WorkerId = options.WorkerId },
            CancellationToken.None).WaitAsync(cancellationToken);

    public Task AnnounceAsync(WorkerAnnounced announcement, CancellationToken cancellationToken) => SendAsync(bus, announcement, cancellationToken);

    /// <summary>Reports until the broker has it.</summary>
    /// <param name="report">The result.</param>
    /// <param name="from">The command's context, so that the result carries on its conversation and trace.</param>
    /// <param name="abandon">The process cannot wait any longer; the command then stays on its queue.</param>
    public async Task ReportAsync(TaskReport report, ISendEndpointProvider from, CancellationToken abandon)
    {
        var pause = new BackOff(time);
        while (true)
        {
            try
            {
                await SendAsync(from, Message(report), abandon);
                outage.Succeeded();
                return;
            }
            catch (Exception e) when (!abandon.IsCancellationRequested)
            {
                WorkerTelemetry.ServerFailed("report");
                outage.Failed(e.Message);
                await pause.WaitAsync(abandon);
            }
        }
    }

    private async Task SendAsync<T>(ISendEndpointProvider provider, T message, CancellationToken cancellationToken) where T : class
    {
        var endpoint = await provider.GetSendEndpoint(Server);
        Task sending;
        lock (_turn) sending = endpoint.Send(message, cancellationToken);
        await sending;
    }

    private TaskExecuted Message(TaskReport report) => new()
    {
        WorkflowId = Guid.Parse(report.Task.WorkflowId),
        TaskId = Guid.Parse(report.Task.TaskId),
        Outcome = report.Outcome,
        Output = report.Output ?? NoOutput,
        Reason = report.Reason,
        WorkerId = options.WorkerId,
        CallbackAfter = report.CallbackAfter,
        Logs = report.Logs.Count == 0 ? null : report.Logs,
    };
}
