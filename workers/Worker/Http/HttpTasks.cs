using System.Net;
using System.Net.Http.Json;
using Conductor.Contracts.Workflows;
using Conductor.Worker.Client;
using Conductor.Worker.Execution;
using Conductor.Worker.Handlers;
using Microsoft.Extensions.Logging;

namespace Conductor.Worker.Http;

/// <summary>The part of Conductor's REST API that hands out tasks and takes their results.</summary>
internal sealed class HttpTasks(IHttpClientFactory clients, ConductorWorkersBuilder options, ServerOutage outage, TimeProvider time, ILogger<HttpTasks> logger)
{
    // Servers without update-v2 answer 404 or 405; what works then is asked from the start.
    private volatile bool _isOldServer;

    public ServerOutage Outage => outage;

    public Uri? Server
    {
        get
        {
            using var client = Client();
            return client.BaseAddress;
        }
    }

    public async Task<IReadOnlyList<Assignment>> PollAsync(TaskHandler handler, int count)
    {
        var domain = handler.Domain is null ? "" : $"&domain={Uri.EscapeDataString(handler.Domain)}";
        var path = $"tasks/poll/batch/{Uri.EscapeDataString(handler.TaskType)}?workerid={Uri.EscapeDataString(options.WorkerId)}{domain}"
            + $"&count={count}&timeout={(int)options.PollTimeout.TotalMilliseconds}";
        using var limit = new CancellationTokenSource(options.PollTimeout + TimeSpan.FromSeconds(20), time);
        using var client = Client();
        using var response = await client.GetAsync(path, limit.Token);
        await ConductorServerException.ThrowIfFailedAsync(response, limit.Token);
        if (response.StatusCode == HttpStatusCode.NoContent) return [];
        var tasks = await response.Content.ReadFromJsonAsync<PolledTask[]>(TaskJson.Options, limit.Token);
        return Array.ConvertAll(tasks ?? [], task => task.ToAssignment(handler.TaskType));
    }

    public async Task ExtendLeaseAsync(Assignment task, CancellationToken cancellationToken)
    {
        using var client = Client();
        var alive = new { workflowInstanceId = task.WorkflowId, taskId = task.TaskId, status = "IN_PROGRESS", extendLease = true, workerId = options.WorkerId };
        using var response = await client.PostAsJsonAsync("tasks", alive, TaskJson.Options, cancellationToken);
        await ConductorServerException.ThrowIfFailedAsync(response, cancellationToken);
    }

    /// <summary>Reports until the server has it, and returns the next task of the type if the server sends one.</summary>
    public async Task<Assignment?> ReportAsync(TaskReport report, bool takeNext, CancellationToken abandon)
    {
        var pause = new BackOff(time);
        while (true)
        {
            try
            {
                var next = await SendAsync(report, takeNext, abandon);
                outage.Succeeded();
                return next;
            }
            catch (ConductorServerException e) when (!e.IsTransient)
            {
                logger.LogError(e, "the server refuses the result of task {TaskType} {TaskId}", report.Task.TaskType, report.Task.TaskId);
                return null;
            }
            catch (Exception e) when (!abandon.IsCancellationRequested)
            {
                WorkerTelemetry.ServerFailed("report");
                outage.Failed(e.Message);
                await pause.WaitAsync(abandon);
            }
        }
    }

    private async Task<Assignment?> SendAsync(TaskReport report, bool takeNext, CancellationToken cancellationToken)
    {
        using var client = Client();
        var body = TaskResultBody.Of(report, options.WorkerId, time.GetUtcNow());
        if (takeNext && !_isOldServer)
        {
            using var response = await client.PostAsJsonAsync("tasks/update-v2", body, TaskJson.Options, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed))
            {
                await ConductorServerException.ThrowIfFailedAsync(response, cancellationToken);
                if (response.StatusCode == HttpStatusCode.NoContent || response.Content.Headers.ContentLength == 0) return null;
                return (await response.Content.ReadFromJsonAsync<PolledTask>(TaskJson.Options, cancellationToken))?.ToAssignment(report.Task.TaskType);
            }
        }
        using var plain = await client.PostAsJsonAsync("tasks", body, TaskJson.Options, cancellationToken);
        await ConductorServerException.ThrowIfFailedAsync(plain, cancellationToken);
        // The task is known and the route was not: it is the server that is old.
        if (takeNext) _isOldServer = true;
        return null;
    }

    private HttpClient Client() => clients.CreateClient(ConductorClient.HttpClientName);
}
