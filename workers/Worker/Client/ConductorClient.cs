using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Conductor.Worker.Handlers;

namespace Conductor.Worker.Client;

/// <summary>Talks to a server with Conductor's REST API. Errors of the server arrive as <see cref="ConductorServerException"/>.</summary>
/// <param name="http">Its base address ends in <c>/api/</c>.</param>
public sealed class ConductorClient(HttpClient http)
{
    /// <summary>Name of the HttpClient that the client and the workers take from the factory.</summary>
    public const string HttpClientName = "conductor";

    /// <summary>Starts an execution and returns its id.</summary>
    public async Task<string> StartAsync(StartRequest request, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(HttpMethod.Post, "workflow", JsonContent.Create(request, options: TaskJson.Options), cancellationToken);
        // The bare id as text; some servers quote it.
        return (await response.Content.ReadAsStringAsync(cancellationToken)).Trim().Trim('"');
    }

    /// <summary>Reads an execution.</summary>
    public async Task<WorkflowExecution> GetAsync(string workflowId, bool includeTasks = true, CancellationToken cancellationToken = default)
    {
        var path = $"workflow/{Uri.EscapeDataString(workflowId)}?includeTasks={(includeTasks ? "true" : "false")}";
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return await response.Content.ReadFromJsonAsync<WorkflowExecution>(TaskJson.Options, cancellationToken)
            ?? throw new JsonException("the server's answer is null");
    }

    /// <summary>Stops scheduling; tasks that are running may finish.</summary>
    public Task PauseAsync(string workflowId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Put, $"workflow/{Uri.EscapeDataString(workflowId)}/pause", null, cancellationToken);

    /// <summary>Goes on scheduling after a pause.</summary>
    public Task ResumeAsync(string workflowId, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Put, $"workflow/{Uri.EscapeDataString(workflowId)}/resume", null, cancellationToken);

    /// <summary>Ends an execution and cancels its open tasks.</summary>
    public Task TerminateAsync(string workflowId, string? reason = null, CancellationToken cancellationToken = default)
    {
        var query = reason is null ? "" : $"?reason={Uri.EscapeDataString(reason)}";
        return DoAsync(HttpMethod.Delete, $"workflow/{Uri.EscapeDataString(workflowId)}{query}", null, cancellationToken);
    }

    /// <summary>Creates or updates workflow definitions: a JSON array of Conductor's WorkflowDef.</summary>
    public Task RegisterWorkflowsAsync(string definitions, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Put, "metadata/workflow", Json(definitions), cancellationToken);

    /// <summary>Creates or updates task definitions: a JSON array of Conductor's TaskDef.</summary>
    public Task RegisterTasksAsync(string definitions, CancellationToken cancellationToken = default) =>
        DoAsync(HttpMethod.Post, "metadata/taskdefs", Json(definitions), cancellationToken);

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private async Task DoAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, body, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        var response = await http.SendAsync(request, cancellationToken);
        try
        {
            await ConductorServerException.ThrowIfFailedAsync(response, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
