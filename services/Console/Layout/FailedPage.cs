using Microsoft.Extensions.Options;

namespace Conductor.Console.Layout;

/// <summary>Answers failures with a page, under the status that the defaults of all services give them.</summary>
internal static class FailedPage
{
    public static void UseFailedPage(this WebApplication app)
    {
        var defaults = app.Services.GetRequiredService<IOptions<ExceptionHandlerOptions>>().Value;
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/failed",
            CreateScopeForErrors = true,
            StatusCodeSelector = defaults.StatusCodeSelector,
            SuppressDiagnosticsCallback = defaults.SuppressDiagnosticsCallback,
        });
    }
}
