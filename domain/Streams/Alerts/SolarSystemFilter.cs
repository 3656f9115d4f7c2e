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
    /// <summary>Designations (minor-planet numbers or names), in any case and spacing; empty for every object.</summary>
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
public sealed class SolarSystemFilter(FilterAction action, SolarSystemMatch match) : IRecordProcessor
{
    private const double NoValue = -999;
    private const int LongestDesignation = 128;
    private readonly HashSet<string> _targets = [.. match.Targets.Select(Normalize)];

    /// <inheritdoc/>
    public IReadOnlyList<string> Fields { get; } = ["candidate.ssnamenr", "candidate.ssdistnr", "candidate.ssmagnr"];

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
        return (_targets.Count == 0 || _targets.GetAlternateLookup<ReadOnlySpan<char>>().Contains(buffer[..length]))
            && IsWithin(distance, match.MaxDistance)
            && IsWithin(magnitude, match.MaxMagnitude);
    }

    private static bool IsNoValue(in FieldValue value) => value.Kind is FieldValueKind.Number or FieldValueKind.Integer && value.Number == NoValue;

    private static bool IsWithin(in FieldValue value, double? most) =>
        most is null || (value.Kind is FieldValueKind.Number or FieldValueKind.Integer && !IsNoValue(value) && value.Number <= most);

    private static string Normalize(string designation)
    {
        Span<char> buffer = stackalloc char[LongestDesignation];
        return new string(buffer[..Normalize(Encoding.UTF8.GetBytes(designation), buffer)]);
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
