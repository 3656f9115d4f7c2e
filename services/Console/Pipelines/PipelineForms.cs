using Conductor.Console.Clients.Pipelines;
using Conductor.Console.Components;
using Conductor.Console.Forms;

namespace Conductor.Console.Pipelines;

/// <summary>Start, stop, and the original bytes of dead letters.</summary>
internal static class PipelineForms
{
    public static void MapPipelineForms(this IEndpointRouteBuilder app)
    {
        app.MapPost("/pipelines/{name}/{verb:regex(^(start|stop)$)}", Act).AddEndpointFilter<AntiforgeryFilter>();
        app.MapGet("/pipelines/{name}/dead-letters/{topic}/{partition:int}/{offset:long}", Download);
    }

    private static async Task<IResult> Act(string name, string verb, HttpContext context, PipelinesClient pipelines, CancellationToken ct)
    {
        var answer = await pipelines.ActAsync(name, verb, ct);
        var state = answer.Failure is null ? (await pipelines.GetAsync(name, ct)).Value?.State : null;
        Notice.Leave(context, answer.Failure is { } failure
            ? Notice.Failed($"Could not {verb} {name}: {failure.Message}")
            : Notice.Done($"The {verb} of {name} was accepted; it is now {StatusLook.Of(state)?.Text ?? "in a state that could not be read"}."));
        return Results.Redirect($"/pipelines/{Uri.EscapeDataString(name)}");
    }

    private static async Task<IResult> Download(string name, string topic, int partition, long offset, PipelinesClient pipelines, CancellationToken ct) =>
        Files.Download(await pipelines.GetDeadLetterAsync(name, topic, partition, offset, ct), $"{topic}-{partition}-{offset}.bin");
}
