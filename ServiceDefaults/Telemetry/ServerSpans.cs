using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Conductor.ServiceDefaults.Telemetry;

/// <summary>Names the server span after its route, adds route and status, and drops the spans of probes and event streams.</summary>
internal static class ServerSpans
{
    private static readonly PathString[] Quiet = ["/health", "/alive", "/metrics", "/events"];

    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var activity = context.Features.Get<IHttpActivityFeature>()?.Activity;
        if (activity is null)
        {
            await next(context);
            return;
        }
        if (Array.Exists(Quiet, path => context.Request.Path.Equals(path, StringComparison.OrdinalIgnoreCase))) Drop(activity);
        try
        {
            await next(context);
        }
        finally
        {
            Describe(activity, context);
        }
    }

    private static void Drop(Activity activity)
    {
        activity.IsAllDataRequested = false;
        activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    private static void Describe(Activity activity, HttpContext context)
    {
        if (!activity.IsAllDataRequested) return;
        // An exception handler runs the pipeline again without the endpoint; the first one stays in the route feature.
        var route = ((context.GetEndpoint() ?? context.Features.Get<Microsoft.AspNetCore.Diagnostics.IExceptionHandlerFeature>()?.Endpoint)
            as RouteEndpoint)?.RoutePattern.RawText;
        activity.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
        if (route is not null) activity.SetTag("http.route", route);
        var status = context.Response.StatusCode;
        activity.SetTag("http.response.status_code", status);
        if (status >= 500) activity.SetStatus(ActivityStatusCode.Error);
    }
}

/// <summary>Puts the middleware before everything that the service adds itself.</summary>
internal sealed class ServerSpanStartup : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(ServerSpans.InvokeAsync);
        next(app);
    };
}
