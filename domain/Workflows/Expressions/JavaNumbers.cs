using System.Globalization;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>
/// Numbers as Java writes them, by the definition of <c>Double.toString</c> since JDK 19 (Raffaello Giulietti, "The Schubfach way to render
/// doubles"): of the decimals that are read as this double the shortest, of those the closest; never less than two digits.
/// </summary>
public static class JavaNumbers
{
    /// <summary>Plain from 1e-3 to 1e7, else with an exponent, always with a fraction.</summary>
    public static string Double(double number)
    {
        if (double.IsNaN(number)) return "NaN";
        var sign = double.IsNegative(number) ? "-" : "";
        if (double.IsInfinity(number)) return sign + "Infinity";
        if (number == 0) return sign + "0.0";
        var (digits, exponent) = Shortest(Math.Abs(number));
        return sign + exponent switch
        {
            < -3 or >= 7 => $"{digits[0]}.{Fraction(digits[1..])}E{exponent.ToString(CultureInfo.InvariantCulture)}",
            < 0 => "0." + new string('0', -1 - exponent) + digits,
            _ => $"{digits.PadRight(exponent + 1, '0')[..(exponent + 1)]}.{Fraction(digits.Length > exponent + 1 ? digits[(exponent + 1)..] : "")}",
        };
    }

    private static string Fraction(string digits) => digits.Length == 0 ? "0" : digits;

    /// <summary>Digits without zeros at either end, and the exponent of the first.</summary>
    private static (string Digits, int Exponent) Shortest(double number)
    {
        var round = number.ToString("R", CultureInfo.InvariantCulture);
        // .NET is a digit short for 2^-25 and 2^-958.
        if (double.Parse(round, CultureInfo.InvariantCulture) != number) round = number.ToString("E16", CultureInfo.InvariantCulture);
        var shortest = Split(round);
        if (shortest.Digits.Length > 1) return shortest;
        // One digit is written as two: then the closest of those counts. 5E-324 is read as the same double as 4.9E-324, which is closer.
        var two = number.ToString("E1", CultureInfo.InvariantCulture);
        return double.Parse(two, CultureInfo.InvariantCulture) == number ? Split(two) : shortest;
    }

    private static (string Digits, int Exponent) Split(string text)
    {
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = mark < 0 ? text : text[..mark];
        var exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa.Length : point;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        return (digits.TrimEnd('0'), exponent + whole - 1 - (all.Length - digits.Length));
    }
}
