using System.Buffers.Text;
using System.Globalization;
using Conductor.Domain.Streams.Records;

namespace Conductor.Domain.Streams.Processing;

/// <summary>
/// Tells copies from records in one partition of a topic. A writer that starts again writes records a second time, but each
/// origin's records arrive in the order of their offsets: one that is not behind the furthest seen of its origin is a copy.
/// Copies come soon after their records, so that only the <see cref="Most"/> origins are remembered that were heard of last.
/// </summary>
/// <param name="known">The furthest offset of each origin, as of the last checkpoint.</param>
public sealed class Origins(IEnumerable<KeyValuePair<string, long>> known)
{
    /// <summary>How many origins a checkpoint holds at most.</summary>
    public const int Most = 1_000;

    // What is longer does not count: nothing of ours is, and checkpoints stay small.
    private const int LongestId = 1024;

    private readonly Dictionary<string, (long Offset, long Heard)> _furthest = known.ToDictionary(o => o.Key, o => (o.Value, 0L));
    private long _heard;

    /// <summary>A copy of what is known now.</summary>
    public IReadOnlyDictionary<string, long> Snapshot()
    {
        Forget(Most);
        return _furthest.ToDictionary(o => o.Key, o => o.Value.Offset);
    }

    /// <summary>Whether a record has been seen before; notes it when not. A record that does not tell its origin is never a copy.</summary>
    public bool IsCopy(in StreamRecord record)
    {
        foreach (var header in record.Headers)
        {
            if (header.Name == RecordHeaderNames.DedupeId) return Parse(header.Text) is var (origin, offset) && origin.Length > 0 && IsCopy(origin, offset);
        }
        return false;
    }

    /// <summary>The header value for the record at an offset of an origin: <c>origin@offset</c>.</summary>
    public static string IdOf(string origin, long offset) => string.Create(CultureInfo.InvariantCulture, $"{origin}@{offset}");

    /// <summary>Whether the value of a <see cref="RecordHeaderNames.DedupeId"/> is one, in UTF-8.</summary>
    public static bool IsId(ReadOnlySpan<byte> utf8)
    {
        var at = utf8.LastIndexOf((byte)'@');
        var offset = utf8[(at + 1)..];
        return at > 0 && utf8.Length <= LongestId && !offset.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(offset, out long _, out var read) && read == offset.Length;
    }

    private bool IsCopy(string origin, long offset)
    {
        _heard++;
        var isCopy = _furthest.TryGetValue(origin, out var furthest) && offset <= furthest.Offset;
        _furthest[origin] = (isCopy ? furthest.Offset : offset, _heard);
        // Twice as many as are kept: sorting them is rare then.
        if (_furthest.Count > 2 * Most) Forget(Most);
        return isCopy;
    }

    private void Forget(int most)
    {
        if (_furthest.Count <= most) return;
        foreach (var (origin, _) in _furthest.OrderBy(o => o.Value.Heard).Take(_furthest.Count - most).ToList()) _furthest.Remove(origin);
    }

    private static (string Origin, long Offset) Parse(string id)
    {
        var at = id.LastIndexOf('@');
        return at > 0 && id.Length <= LongestId && long.TryParse(id.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? (id[..at], offset)
            : ("", 0);
    }
}
