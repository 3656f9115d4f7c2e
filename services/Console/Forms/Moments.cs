using System.Globalization;

namespace Conductor.Console.Forms;

/// <summary>Times in forms and addresses, UTC unless they say otherwise.</summary>
internal static class Moments
{
    /// <summary>Null where it is none.</summary>
    public static DateTime? Read(string? value) =>
        DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : null;

    /// <summary>The form of <c>input type=datetime-local</c>.</summary>
    public static string? Local(DateTime? value) => value?.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
}
