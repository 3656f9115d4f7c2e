using System.Text.Json;
using Conductor.Domain.Workflows.Definitions;

namespace Conductor.Workflows.Answers;

/// <summary>An error as Conductor's clients expect it: status, message, retryable and, for definitions, the list of what is wrong.</summary>
internal sealed record ConductorError(int Status, string Message, bool Retryable = false, IReadOnlyList<ValidationError>? ValidationErrors = null) : IResult
{
    public static ConductorError NotFound(string message) => new(StatusCodes.Status404NotFound, message);

    public static ConductorError Conflict(string message) => new(StatusCodes.Status409Conflict, message);

    public static ConductorError Invalid(string message) => new(StatusCodes.Status400BadRequest, message);

    /// <summary>What is wrong with a definition; paths are prefixed with the name of the argument, as Conductor's are.</summary>
    public static ConductorError Invalid(string argument, IEnumerable<DefinitionError> errors) => Invalid(
        errors.Select(e => At(argument, e)));

    public static ValidationError At(string argument, DefinitionError error) =>
        new(error.Path.Length == 0 ? argument : $"{argument}.{error.Path}", error.Message, error.InvalidValue);

    public static ConductorError Invalid(IEnumerable<ValidationError> errors) =>
        new(StatusCodes.Status400BadRequest, "Validation failed, check below errors for detail.", ValidationErrors: [.. errors]);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        return httpContext.Response.WriteAsJsonAsync(new { Status, Message, Retryable, ValidationErrors }, Answer.Json, httpContext.RequestAborted);
    }
}

/// <summary>One thing that is wrong with a request.</summary>
internal sealed record ValidationError(string Path, string Message, string? InvalidValue = null);

/// <summary>Ends a request with an error.</summary>
internal sealed class ConductorException(ConductorError error) : Exception(error.Message)
{
    public ConductorError Error => error;
}

/// <summary>Refusals of this API's own, and bodies that cannot be read, in Conductor's shape; <see cref="ConductorProblemWriter"/> has the rest.</summary>
internal sealed class ConductorErrorFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ConductorException e)
        {
            return e.Error;
        }
        catch (JsonException e)
        {
            return ConductorError.Invalid("JSON parse error: " + Described(e));
        }
    }

    private static string Described(JsonException e) =>
        e.Path is { } path && !e.Message.Contains(path, StringComparison.Ordinal) ? $"{e.Message} (at {path})" : e.Message;
}
