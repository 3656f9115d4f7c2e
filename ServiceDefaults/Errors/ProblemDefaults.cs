using System.Collections;
using System.Text.Json;
using Conductor.ServiceDefaults.Http;
using Conductor.ServiceDefaults.Servers;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Conductor.ServiceDefaults.Errors;

internal static partial class ProblemDefaults
{
    private const string RetryAfterSeconds = "5";

    public static void AddProblemDefaults(this IServiceCollection services)
    {
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Describe);
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddTransient<IStartupFilter, ProblemStartup>();
        // A body that cannot be read throws, so that the answer can say where it is wrong.
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.TryAddSingleton<Outages>();
        services.AddOptions<ExceptionHandlerOptions>().Configure<Outages>((handler, outages) =>
        {
            handler.StatusCodeSelector = exception => StatusOf(exception, outages);
            handler.SuppressDiagnosticsCallback = context => IsTold(context, outages);
        });
    }

    // A client's mistake, or a client that went away: a line without a stack. A failure of ours: with what the exception knows of it.
    private static bool IsTold(ExceptionHandlerSuppressDiagnosticsContext context, Outages outages)
    {
        var (log, request, exception) = (Log(context.HttpContext), context.HttpContext.Request, context.Exception);
        if (exception is BadHttpRequestException or OperationCanceledException or AntiforgeryValidationException)
            Refused(log, request.Method, request.Path, StatusOf(exception, outages), exception.Message);
        else
            Failed(log, exception, request.Method, request.Path, string.Join(", ", exception.Data.Cast<DictionaryEntry>().Select(d => $"{d.Key} {d.Value}")));
        return true;
    }

    private static ILogger Log(HttpContext context) => context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ProblemDefaults));

    private static int StatusOf(Exception exception, Outages outages) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        // A form that cannot be read, too: its token is looked for first.
        AntiforgeryValidationException => StatusCodes.Status400BadRequest,
        _ when outages.MayExplain(exception) => StatusCodes.Status503ServiceUnavailable,
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
        else if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            problem.Detail ??= "a server that this service needs does not answer; /health says which";
            context.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
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

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed ({Details})")]
    private static partial void Failed(ILogger logger, Exception exception, string method, string path, string details);

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
        app.UseAnswerDefaults();
        app.UseRequestLimits();
        next(app);
    };
}
