using System.Globalization;
using Conductor.Domain.Streams.Records;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// Counts in a header how many components a record has passed through topics. Loops are refused when a pipeline is registered; this ends those that
/// lead through something else.
/// </summary>
internal static class Hops
{
    /// <summary>A record that has passed so many goes no further.</summary>
    public const int Most = 50;

    private static readonly RecordHeader[] Known =
        [.. Enumerable.Range(0, Most + 2).Select(n => RecordHeader.Of(RecordHeaderNames.Hops, n.ToString(CultureInfo.InvariantCulture)))];

    /// <summary>How many it has passed; what is no number counts as none.</summary>
    public static int Of(in StreamRecord record)
    {
        foreach (var header in record.Headers)
        {
            if (header.Name == RecordHeaderNames.Hops)
                return int.TryParse(header.Value.Span, NumberStyles.None, CultureInfo.InvariantCulture, out var hops) ? Math.Min(hops, Most) : 0;
        }
        return 0;
    }

    /// <summary>The header of a record that has passed one more.</summary>
    public static RecordHeader After(int hops) => Known[hops + 1];
}
