using System.Globalization;
using System.Text.RegularExpressions;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>Durations like <c>1 days 2h 3 mins 4s</c> and times like <c>2026-01-31 12:00 UTC</c>, as Conductor reads them.</summary>
internal static partial class WaitTimes
{
    private const int LastYear = 9000;
    private const int Longest = 200;
    private static readonly string[] LocalFormats = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd"];

    public static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length > Longest) return false;
        var match = Duration().Match(text);
        if (!match.Success || string.IsNullOrWhiteSpace(text)) return false;
        decimal seconds = Part(match, 1) * 86400m + Part(match, 2) * 3600m + Part(match, 3) * 60m + Part(match, 4);
        if (seconds > (decimal)TimeSpan.FromDays(36500).TotalSeconds) return false;
        duration = TimeSpan.FromSeconds((long)seconds);
        return true;
    }

    /// <summary>
    /// A time without a zone is UTC; a zone is an offset, an abbreviation (<see cref="ZoneNames"/>), or a name of the machine's time-zone data.
    /// The time is in UTC; one before 1970 counts as 1970.
    /// </summary>
    public static bool TryUntil(string text, out DateTimeOffset time)
    {
        time = DateTimeOffset.UnixEpoch;
        var offset = TimeSpan.Zero;
        if (text.Length > Longest) return false;
        if (!TryLocal(text, LocalFormats, out var local))
        {
            var cut = text.LastIndexOf(' ');
            if (cut < 0 || !TryLocal(text[..cut].TrimEnd(), LocalFormats[..1], out local) || !TryZone(text[(cut + 1)..], local, out offset)) return false;
        }
        // The ends of the calendar, where no offset fits any more.
        if (local.Year > LastYear) return false;
        if (local > DateTime.UnixEpoch + offset) time = new(local - offset, TimeSpan.Zero);
        return true;
    }

    private static bool TryLocal(string text, string[] formats, out DateTime local) =>
        DateTime.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out local);

    private static bool TryZone(string zone, DateTime local, out TimeSpan offset)
    {
        if (TryOffset(zone, out offset) || ZoneNames.TryOffset(zone, out offset)) return true;
        // A name is also the path of a file: no dots.
        if (!Zone().IsMatch(zone) || !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var known)) return false;
        offset = known.GetUtcOffset(local);
        return true;
    }

    private static bool TryOffset(string zone, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (zone is "UTC" or "GMT" or "Z") return true;
        if (zone.StartsWith("GMT", StringComparison.Ordinal) || zone.StartsWith("UTC", StringComparison.Ordinal)) zone = zone[3..];
        var match = Offset().Match(zone);
        if (!match.Success) return false;
        offset = new TimeSpan((int)Part(match, 2), (int)Part(match, 3), 0) * (match.Groups[1].Value == "-" ? -1 : 1);
        return offset.Duration() <= TimeSpan.FromHours(14);
    }

    private static decimal Part(Match match, int group) =>
        match.Groups[group].Success ? decimal.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^\s*(?:(\d{1,9})\s*(?:days?|d))?\s*(?:(\d{1,9})\s*(?:hours?|hrs?|h))?"
        + @"\s*(?:(\d{1,9})\s*(?:minutes?|mins?|m))?\s*(?:(\d{1,9})\s*(?:seconds?|secs?|s))?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Duration();

    [GeneratedRegex(@"^([+-])(\d{1,2}):?(\d{2})?$", RegexOptions.None, 1000)]
    private static partial Regex Offset();

    [GeneratedRegex(@"^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+){0,5}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Zone();
}
