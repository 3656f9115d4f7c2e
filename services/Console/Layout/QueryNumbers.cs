using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Conductor.Console.Layout;

/// <summary>A page number (or the like) in an address that is none counts as absent: the page is shown from its beginning.</summary>
internal static class QueryNumbers
{
    // The numbers that pages take from their addresses.
    private static readonly string[] Names = ["offset", "size", "version", "letters"];

    public static void UseQueryNumbers(this WebApplication app) => app.Use(next => context =>
    {
        if (IsTopic(context.Request.Path)) return next(context);
        var query = context.Request.Query;
        if (Array.Exists(Names, name => query.TryGetValue(name, out var value) && !IsNumber(value)))
            context.Request.QueryString = QueryString.Create(
                query.Where(q => !Names.Contains(q.Key, StringComparer.OrdinalIgnoreCase) || IsNumber(q.Value)));
        return next(context);
    });

    // The page of a topic takes offsets of records, and says itself what is wrong with them.
    private static bool IsTopic(PathString path) =>
        path.StartsWithSegments("/topics", StringComparison.Ordinal, out var topic) && topic.Value is { Length: > 1 };

    private static bool IsNumber(StringValues value) =>
        value is [var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
