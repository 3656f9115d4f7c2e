using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Conductor.ServiceDefaults.Errors;

internal static partial class ProblemDefaults
{
    public static void AddProblemDefaults(this IServiceCollection services)
    {
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Describe);
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddTransient<IStartupFilter, ProblemStartup>();
        // A body that cannot be read throws, so that the answer can say where it is wrong.
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddExceptionHandler(handler =>
        {
            handler.StatusCodeSelector = StatusOf;
            handler.SuppressDiagnosticsCallback = IsNoFaultOfOurs;
        });
    }

    // A client's mistake, or a client that went away: a line without a stack.
    private static bool IsNoFaultOfOurs(ExceptionHandlerSuppressDiagnosticsContext context)
    {
        if (context.Exception is not (BadHttpRequestException or OperationCanceledException)) return false;
        var request = context.HttpContext.Request;
        Refused(Log(context.HttpContext), request.Method, request.Path, StatusOf(context.Exception), context.Exception.Message);
        return true;
    }

    private static ILogger Log(HttpContext context) => context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ProblemDefaults));

    private static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        OperationCanceledException => StatusCodes.Status499ClientClosedRequest,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static void Describe(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Instance ??= context.HttpContext.Request.Path;
        if (context.Exception is BadHttpRequestException bad)
        {
            problem.Detail ??= bad.InnerException is JsonException json ? json.Message : bad.Message;
            if (bad.InnerException is JsonException { Path: { } path } at)
            {
                problem.Extensions["path"] = path;
                problem.Extensions["line"] = at.LineNumber + 1;
                problem.Extensions["column"] = at.BytePositionInLine + 1;
            }
        }
        else if (problem.Status == StatusCodes.Status405MethodNotAllowed)
        {
            problem.Detail ??= $"{context.HttpContext.Request.Method} is not allowed here";
        }
        else if (problem.Status == StatusCodes.Status404NotFound)
        {
            problem.Detail ??= $"nothing at {context.HttpContext.Request.Path}";
        }
    }

    [LoggerMessage(LogLevel.Information, "{Method} {Path} refused with {Status}: {Reason}")]
    private static partial void Refused(ILogger logger, string method, string path, int status, string reason);
}

/// <summary>Puts the handlers before everything that the service adds itself.</summary>
internal sealed class ProblemStartup : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        next(app);
    };
}
