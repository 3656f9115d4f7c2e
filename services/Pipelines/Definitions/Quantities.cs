using System.Globalization;
using System.Text.RegularExpressions;

namespace Conductor.Pipelines.Definitions;

/// <summary>Durations and sizes as people write them.</summary>
internal static partial class Quantities
{
    // A hundred years: what is longer was a slip, and no time can be computed with it.
    private const double LongestSeconds = 36_500.0 * 86_400;

    /// <summary>A duration of at most 36,500 days.</summary>
    public static TimeSpan? Duration(string text) => Seconds(text) is { } seconds and <= LongestSeconds ? TimeSpan.FromSeconds(seconds) : null;

    private static double? Seconds(string text) => Parse(text) switch
    {
        (var n, "ms") => n / 1000,
        (var n, "s") => n,
        (var n, "m") => n * 60,
        (var n, "h") => n * 3600,
        (var n, "d") => n * 86_400,
        _ => null,
    };

    /// <summary>A size of less than 8 EiB.</summary>
    public static long? Size(string text) => Bytes(text) is { } bytes and < long.MaxValue ? (long)bytes : null;

    private static double? Bytes(string text) => Parse(text) switch
    {
        (var n, "" or "B") => n,
        (var n, "kB" or "KB") => n * 1e3,
        (var n, "MB") => n * 1e6,
        (var n, "GB") => n * 1e9,
        (var n, "TB") => n * 1e12,
        (var n, "KiB") => n * (1L << 10),
        (var n, "MiB") => n * (1L << 20),
        (var n, "GiB") => n * (1L << 30),
        (var n, "TiB") => n * (1L << 40),
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
