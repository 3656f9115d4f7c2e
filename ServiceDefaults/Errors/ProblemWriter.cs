using Microsoft.AspNetCore.Http;

namespace Conductor.ServiceDefaults.Errors;

/// <summary>Writes the problem whatever the request accepts: the framework's own writer stays silent for <c>Accept: text/html</c>.</summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context) =>
        await Results.Problem(context.ProblemDetails).ExecuteAsync(context.HttpContext);
}
