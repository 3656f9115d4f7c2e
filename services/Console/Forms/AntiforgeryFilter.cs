using Microsoft.AspNetCore.Antiforgery;

namespace Conductor.Console.Forms;

/// <summary>Refuses a form that this console did not hand out to this browser. Nothing is done then, and the page says so.</summary>
internal sealed class AntiforgeryFilter(IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // Throws for a form that cannot be read, which is then answered as a mistake of the client's.
        if (await antiforgery.IsRequestValidAsync(context.HttpContext))
            return await next(context);
        Notice.Leave(context.HttpContext,
            Notice.Failed("Nothing was done: this page was open since before you logged in, or the console started. It is fresh now; please repeat."));
        return Results.Redirect(Back(context.HttpContext.Request));
    }

    private static string Back(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var page) && page.Authority == request.Host.Value ? page.PathAndQuery : "/";
}
