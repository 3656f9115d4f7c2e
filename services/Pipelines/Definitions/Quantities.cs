using System.Globalization;
using System.Text.RegularExpressions;

namespace Conductor.Pipelines.Definitions;

/// <summary>Durations and sizes as people write them.</summary>
internal static partial class Quantities
{
    public static TimeSpan? Duration(string text) => Parse(text) switch
    {
        (var n, "ms") => TimeSpan.FromMilliseconds(n),
        (var n, "s") => TimeSpan.FromSeconds(n),
        (var n, "m") => TimeSpan.FromMinutes(n),
        (var n, "h") => TimeSpan.FromHours(n),
        (var n, "d") => TimeSpan.FromDays(n),
        _ => null,
    };

    public static long? Size(string text) => Parse(text) switch
    {
        (var n, "" or "B") => (long)n,
        (var n, "kB" or "KB") => (long)(n * 1e3),
        (var n, "MB") => (long)(n * 1e6),
        (var n, "GB") => (long)(n * 1e9),
        (var n, "TB") => (long)(n * 1e12),
        (var n, "KiB") => (long)(n * (1L << 10)),
        (var n, "MiB") => (long)(n * (1L << 20)),
        (var n, "GiB") => (long)(n * (1L << 30)),
        (var n, "TiB") => (long)(n * (1L << 40)),
        _ => null,
    };

    private static (double Number, string Unit) Parse(string text)
    {
        var match = Form().Match(text);
        return match.Success ? (double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), match.Groups[2].Value) : (0, "?");
    }

    [GeneratedRegex(@"^([0-9]{1,9}(?:\.[0-9]{1,6})?) ?([A-Za-z]*)$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Form();
}
