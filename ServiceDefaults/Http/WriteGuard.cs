using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Conductor.ServiceDefaults.Http;

/// <summary>
/// Refuses writes that any web page could make its reader's browser send to a service on the reader's machine: with the Origin of another
/// site (RFC 6454, section 7), or with a body of a type that needs no consent of the server.
/// </summary>
internal sealed class WriteGuard(RequestDelegate next, IOptions<WriteOptions> options)
{
    /// <exception cref="BadHttpRequestException">403 or 415.</exception>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsRead(request.Method))
        {
            CheckOrigin(request);
            if (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0) CheckType(request);
        }
        return next(context);
    }

    private static bool IsRead(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    // Only the authority is compared with the request's: a proxy may have ended TLS.
    private void CheckOrigin(HttpRequest request)
    {
        if (request.Headers.Origin is not [{ } origin]) return;
        var isOwn = Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && Uri.TryCreate($"{page.Scheme}://{request.Host.Value}", UriKind.Absolute, out var own)
            && page.Authority.Equals(own.Authority, StringComparison.OrdinalIgnoreCase);
        if (isOwn || options.Value.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)) return;
        throw new BadHttpRequestException($"Pages of {origin} may not write here; AllowedOrigins names those that may", StatusCodes.Status403Forbidden);
    }

    private void CheckType(HttpRequest request)
    {
        var types = options.Value.BodyTypes;
        if (request.ContentType is { } plain && types.Contains(plain)) return;
        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed.MediaType.Value : null;
        if (type is not null && types.Contains(parsed!.Suffix == "json" ? "application/json" : type, StringComparer.OrdinalIgnoreCase)) return;
        throw new BadHttpRequestException(
            $"The body's type is {(request.ContentType is { Length: > 0 } given ? $"'{given}'" : "not given")}; {string.Join(", ", types)} are accepted",
            StatusCodes.Status415UnsupportedMediaType);
    }
}

/// <summary>Puts the guard before everything that the service adds itself.</summary>
internal sealed class WriteGuardStartup : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseMiddleware<WriteGuard>();
        next(app);
    };
}
