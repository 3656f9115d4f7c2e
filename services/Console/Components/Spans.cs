using System.Globalization;

namespace Conductor.Console.Components;

/// <summary>Durations, counts and sizes for people.</summary>
internal static class Spans
{
    public static string Duration(TimeSpan span) => span switch
    {
        { Ticks: < 0 } => "—",
        { TotalSeconds: < 1 } => Text($"{span.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 60 } => Text($"{span.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => Text($"{span.Minutes} m {span.Seconds:00} s"),
        { TotalDays: < 1 } => Text($"{span.Hours} h {span.Minutes:00} m"),
        _ => Text($"{(int)span.TotalDays} d {span.Hours} h"),
    };

    /// <summary>From start to end, or to now where it has not ended.</summary>
    public static string Between(long start, long end, DateTimeOffset now) =>
        start <= 0 ? "—" : Duration(TimeSpan.FromMilliseconds((end > 0 ? end : now.ToUnixTimeMilliseconds()) - start));

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Rate(double? value) => value is { } rate ? Text($"{(rate is > 0 and < 10 ? Math.Round(rate, 1) : Math.Round(rate)):#,0.#}/s") : "—";

    public static string Bytes(long value) => value switch
    {
        < 1024 => Text($"{value} B"),
        < 1024 * 1024 => Text($"{value / 1024.0:0.0} kB"),
        < 1024 * 1024 * 1024 => Text($"{value / (1024.0 * 1024):0.0} MB"),
        _ => Text($"{value / (1024.0 * 1024 * 1024):0.0} GB"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
