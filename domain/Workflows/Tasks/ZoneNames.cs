using System.Collections.Frozen;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>
/// Abbreviations of zones that Java's date formats read. Each says standard or summer time itself, so it is a fixed offset. Where one stands
/// for several zones: BST is British Summer Time, IST India, CST and EST North America.
/// </summary>
internal static class ZoneNames
{
    private static readonly FrozenDictionary<string, double> Hours = new Dictionary<string, double>
    {
        ["WET"] = 0, ["WEST"] = 1, ["BST"] = 1, ["CET"] = 1, ["MET"] = 1, ["CEST"] = 2, ["MEST"] = 2, ["EET"] = 2, ["EEST"] = 3, ["MSK"] = 3,
        ["TRT"] = 3, ["CAT"] = 2, ["SAST"] = 2, ["WAT"] = 1, ["EAT"] = 3, ["IDT"] = 3, ["GST"] = 4, ["PKT"] = 5, ["IST"] = 5.5, ["NPT"] = 5.75,
        ["BDT"] = 6, ["ICT"] = 7, ["WIB"] = 7, ["SGT"] = 8, ["HKT"] = 8, ["PHT"] = 8, ["AWST"] = 8, ["JST"] = 9, ["KST"] = 9, ["ACST"] = 9.5,
        ["ACDT"] = 10.5, ["AEST"] = 10, ["AEDT"] = 11, ["NZST"] = 12, ["NZDT"] = 13, ["NST"] = -3.5, ["NDT"] = -2.5, ["BRT"] = -3, ["ART"] = -3,
        ["CLT"] = -4, ["AST"] = -4, ["ADT"] = -3, ["EST"] = -5, ["EDT"] = -4, ["CST"] = -6, ["CDT"] = -5, ["MST"] = -7, ["MDT"] = -6, ["PST"] = -8,
        ["PDT"] = -7, ["AKST"] = -9, ["AKDT"] = -8, ["HST"] = -10, ["HDT"] = -9,
    }.ToFrozenDictionary();

    public static bool TryOffset(string name, out TimeSpan offset)
    {
        var isKnown = Hours.TryGetValue(name, out var hours);
        offset = TimeSpan.FromHours(hours);
        return isKnown;
    }
}
