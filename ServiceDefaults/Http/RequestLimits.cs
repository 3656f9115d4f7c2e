using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Conductor.ServiceDefaults.Http;

/// <summary>Limits that hold for every request of every service; what a field may hold beyond them is checked where it is read.</summary>
internal static class RequestLimits
{
    /// <summary>Bytes of a body; more is 413.</summary>
    internal const long LargestBody = 10 * 1024 * 1024;

    /// <summary>Refuses the character NUL in query parameters, which no database text can hold; in a path the server refuses it itself.</summary>
    public static IApplicationBuilder UseRequestLimits(this IApplicationBuilder app) => app.Use(next => context =>
    {
        foreach (var (name, values) in context.Request.Query)
        {
            if (HoldsNul(name)) throw new BadHttpRequestException("the name of a query parameter must not hold the character NUL");
            foreach (var value in values)
                if (HoldsNul(value)) throw new BadHttpRequestException($"query parameter {name} must not hold the character NUL");
        }
        return next(context);
    });

    private static bool HoldsNul(string? text) => text is not null && text.Contains('\0', StringComparison.Ordinal);
}
