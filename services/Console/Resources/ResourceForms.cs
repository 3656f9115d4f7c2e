using Conductor.Console.Clients.Resources;
using Conductor.Console.Components;
using Conductor.Console.Forms;

namespace Conductor.Console.Resources;

/// <summary>Start, stop and restart of what the AppHost runs.</summary>
internal static class ResourceForms
{
    public static void MapResourceForms(this IEndpointRouteBuilder app) =>
        app.MapPost("/resources/{name}/{verb:regex(^(start|stop|restart)$)}", Act).AddEndpointFilter<AntiforgeryFilter>();

    private static async Task<IResult> Act(string name, string verb, HttpContext context, ResourcesClient resources, CancellationToken ct)
    {
        var answer = await resources.ActAsync(name, verb, ct);
        Notice.Leave(context, answer.Failure is { } failure
            ? Notice.Failed($"Could not {verb} {name}: {failure.Message}")
            : Notice.Done($"The {verb} of {name} was accepted; it is now {await StateAsync(name, resources, ct)}."));
        return Results.Redirect($"/resources/{Uri.EscapeDataString(name)}");
    }

    private static async Task<string> StateAsync(string name, ResourcesClient resources, CancellationToken ct) =>
        StatusLook.Of((await resources.ListAsync(ct)).Value?.FirstOrDefault(resource => resource.Name == name)?.State)?.Text ?? "in a state that could not be read";
}
