using System.Text;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Domain.Streams.Alerts;

/// <summary>What becomes of the alerts that match.</summary>
public enum FilterAction
{
    /// <summary>They pass, all others are skipped.</summary>
    Include,

    /// <summary>They are skipped, all others pass.</summary>
    Exclude,
}

/// <summary>Which alerts match: those near a known object of the solar system, narrowed by what is given here.</summary>
public sealed record SolarSystemMatch
{
    /// <summary>
    /// Objects by number, name or designation, in any case and spacing: <c>21665</c>, <c>Frege</c>, <c>(21665)Frege</c>, <c>1998 RY</c>. Empty for every
    /// object.
    /// </summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Greatest distance to the object in arcseconds, or null for any.</summary>
    public double? MaxDistance { get; init; }

    /// <summary>Greatest (faintest) magnitude of the object, or null for any.</summary>
    public double? MaxMagnitude { get; init; }
}

/// <summary>
/// Tells alerts near known objects of the solar system from others by ZTF's <c>ssnamenr</c>, <c>ssdistnr</c> and <c>ssmagnr</c>. Published packets
/// write "no object" as the text <c>null</c> and the distance -999, not as Avro's null; all of these, and an empty name, mean no object here.
/// </summary>
public sealed class SolarSystemFilter(FilterAction action, SolarSystemMatch match, ProcessorAnswer tombstones = ProcessorAnswer.Pass) : IRecordProcessor
{
    private const double NoValue = -999;
    private const int LongestDesignation = 128;
    private readonly HashSet<string> _targets = [.. match.Targets.SelectMany(Names)];

    /// <inheritdoc/>
    public IReadOnlyList<string> Fields { get; } = ["candidate.ssnamenr", "candidate.ssdistnr", "candidate.ssmagnr"];

    /// <inheritdoc/>
    public ProcessorAnswer Tombstone => tombstones;

    /// <inheritdoc/>
    /// <exception cref="BadRecordException">The packet has no such field at all: it is not one of ZTF's.</exception>
    public ProcessorAnswer Process(ReadOnlySpan<FieldValue> values)
    {
        if (values[0].Kind == FieldValueKind.Missing) throw new BadRecordException($"the packet's schema has no {Fields[0]}", 0);
        return Matches(values[0], values[1], values[2]) == (action == FilterAction.Include) ? ProcessorAnswer.Pass : ProcessorAnswer.Skip;
    }

    private bool Matches(in FieldValue name, in FieldValue distance, in FieldValue magnitude)
    {
        Span<char> buffer = stackalloc char[LongestDesignation];
        if (name.Kind != FieldValueKind.Text || IsNoValue(distance)) return false;
        var length = Normalize(name.Text.Span, buffer);
        if (length == 0 || buffer[..length] is "NULL" or "-999" or "-999.0") return false;
        return (_targets.Count == 0 || IsTarget(buffer[..length]))
            && IsWithin(distance, match.MaxDistance)
            && IsWithin(magnitude, match.MaxMagnitude);
    }

    private static bool IsNoValue(in FieldValue value) => value.Kind is FieldValueKind.Number or FieldValueKind.Integer && value.Number == NoValue;

    private static bool IsWithin(in FieldValue value, double? most) =>
        most is null || (value.Kind is FieldValueKind.Number or FieldValueKind.Integer && !IsNoValue(value) && value.Number <= most);

    private bool IsTarget(ReadOnlySpan<char> designation)
    {
        var targets = _targets.GetAlternateLookup<ReadOnlySpan<char>>();
        var number = NumberIn(designation);
        return targets.Contains(designation) || (number.Length > 0 && (targets.Contains(number) || targets.Contains(designation[(number.Length + 2)..])));
    }

    /// <summary>Every form under which packets may have a target: <c>(21665)Frege</c> is also <c>21665</c> and <c>Frege</c>.</summary>
    private static IEnumerable<string> Names(string target)
    {
        Span<char> buffer = stackalloc char[LongestDesignation];
        var designation = new string(buffer[..Normalize(Encoding.UTF8.GetBytes(target), buffer)]);
        var number = NumberIn(designation).ToString();
        return number.Length == 0 ? [designation] : designation.Length == number.Length + 2 ? [designation, number]
            : [designation, number, designation[(number.Length + 2)..]];
    }

    /// <summary>The number in front of a name, as in <c>(21665)Frege</c>; empty where there is none.</summary>
    private static ReadOnlySpan<char> NumberIn(ReadOnlySpan<char> designation)
    {
        var end = designation.IndexOf(')');
        return end > 1 && designation[0] == '(' && !designation[1..end].ContainsAnyExceptInRange('0', '9') ? designation[1..end] : default;
    }

    /// <summary>Upper case without spaces: <c>2003 qx40</c> and <c>2003QX40</c> are one object. What is longer than any designation is cut.</summary>
    private static int Normalize(ReadOnlySpan<byte> utf8, Span<char> designation)
    {
        var length = 0;
        var count = Encoding.UTF8.GetChars(utf8[..Math.Min(utf8.Length, designation.Length)], designation);
        foreach (var c in designation[..count])
        {
            if (!char.IsWhiteSpace(c)) designation[length++] = char.ToUpperInvariant(c);
        }

        return length;
    }
}
