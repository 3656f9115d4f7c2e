namespace Conductor.Scripting.JavaScript;

/// <summary>
/// JSON.stringify escapes a surrogate without its other half (<c>\ud800</c>), which is JSON and no Unicode: the replacement character takes its place.
/// </summary>
internal static class LoneSurrogates
{
    private const int EscapeLength = 6; // \ud800

    public static ReadOnlySpan<byte> Replaced(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\ud"u8) < 0) return json;
        var bytes = json.ToArray();
        for (var at = 0; at < bytes.Length;)
        {
            var next = bytes.AsSpan(at).IndexOf((byte)'\\');
            if (next < 0) break;
            at += next;
            if (bytes.AsSpan(at + 1).StartsWith("ud"u8) && bytes[at + 3] is (byte)'8' or (byte)'9' or >= (byte)'a' and <= (byte)'f')
            {
                "fffd"u8.CopyTo(bytes.AsSpan(at + 2));
                at += EscapeLength;
            }
            else at += 2;
        }
        return bytes;
    }
}
