using Microsoft.Extensions.Options;

namespace Conductor.Workflows.Answers;

/// <summary>Everything that goes wrong below <c>/api</c> without an answer of its own (routing, binding, limits, failures) in Conductor's shape.</summary>
internal sealed class ConductorProblemWriter(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var status = context.ProblemDetails.Status ?? http.Response.StatusCode;
        context.ProblemDetails.Status = status;
        options.Value.CustomizeProblemDetails?.Invoke(context);
        // Spring's words, as Conductor's clients know them.
        var message = status switch
        {
            StatusCodes.Status404NotFound => $"No static resource {http.Request.Path.Value!.TrimStart('/')}.",
            StatusCodes.Status405MethodNotAllowed => $"Request method '{http.Request.Method}' is not supported",
            StatusCodes.Status415UnsupportedMediaType => $"Content-Type '{http.Request.ContentType}' is not supported",
            StatusCodes.Status500InternalServerError => "The server could not carry out the request; its log says why.",
            _ => context.ProblemDetails.Detail ?? context.ProblemDetails.Title ?? "",
        };
        await new ConductorError(status, message, Retryable: status >= StatusCodes.Status500InternalServerError).ExecuteAsync(http);
    }
}
