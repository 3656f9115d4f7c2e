using Conductor.Console.Clients;
using Conductor.Console.Clients.Workflows;
using Conductor.Console.Components;
using Conductor.Console.Forms;
using Conductor.Console.Graphs;

namespace Conductor.Console.Workflows;

/// <summary>What the forms of the workflow pages post to: act, look at the outcome, go back to the page with it.</summary>
internal static class WorkflowForms
{
    public static void MapWorkflowForms(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/workflows/{id}").AddEndpointFilter<AntiforgeryFilter>();
        group.MapPost("/pause", (Act act) => act.On("Paused", WorkflowAction.Pause));
        group.MapPost("/resume", (Act act) => act.On("Resumed", WorkflowAction.Resume));
        group.MapPost("/retry", (Act act) => act.On("Retried", WorkflowAction.Retry));
        group.MapPost("/restart", async (Act act) => await act.On("Restarted", WorkflowAction.Restart(await act.Field("latest") == "true")));
        group.MapPost("/terminate", async (Act act) =>
            await act.Field("reason") is { Length: > 0 } reason
                ? await act.On("Terminated", WorkflowAction.Terminate(reason))
                : act.Back(Notice.Failed("Nothing was done: a reason is needed to terminate a workflow.")));
        app.MapGet("/workflows/{id}/execution.json", async (string id, WorkflowsClient workflows, CancellationToken ct) =>
            Files.Answer(await workflows.GetJsonAsync(id, ct), "application/json"));
        app.MapGet("/workflows/{id}/graph.mmd", Graph);
    }

    private static async Task<IResult> Graph(string id, WorkflowsClient workflows, CancellationToken ct)
    {
        var found = await workflows.GetAsync(id, ct);
        if (!found.Has(out var execution, out var failure))
            return Files.Answer(new Fetched<string>(Value: null, failure), "text/plain");
        var definition = execution.WorkflowDefinition ?? new() { Name = execution.WorkflowName };
        return Results.Text(FlowText.Mermaid(FlowBuilder.Build(definition, NodeState.DynamicBranches(execution.Tasks)), NodeState.Of(execution.Tasks)));
    }

    /// <summary>One form on one workflow.</summary>
    internal sealed record Act(string Id, HttpContext Context, WorkflowsClient Workflows)
    {
        public static ValueTask<Act?> BindAsync(HttpContext context) =>
            new(new Act((string)context.Request.RouteValues["id"]!, context, context.RequestServices.GetRequiredService<WorkflowsClient>()));

        public async Task<string> Field(string name) => (await Context.Request.ReadFormAsync(Context.RequestAborted))[name].ToString().Trim();

        /// <summary>The service's answer only says that it took the command, so the state that came of it is read and shown.</summary>
        public async Task<IResult> On(string done, WorkflowAction action)
        {
            var answer = await Workflows.ActAsync(Id, action, Context.RequestAborted);
            if (answer.Failure is { } failure)
                return Back(Notice.Failed($"Not {done.ToLowerInvariant()}: {failure.Message}"));
            var after = await Workflows.GetNowAsync(Id, Context.RequestAborted);
            var state = after.Value is { } execution ? $"the workflow is now {StatusLook.Of(execution.Status)?.Text}." : "its state could not be read.";
            return Back(Notice.Done($"{done}; {state}"));
        }

        public IResult Back(Notice notice)
        {
            Notice.Leave(Context, notice);
            return Results.Redirect($"/workflows/{Uri.EscapeDataString(Id)}");
        }
    }
}
