using System.Buffers;
using System.Text.Unicode;

namespace Conductor.Pipelines.Topics;

/// <summary>Bytes as people see them.</summary>
/// <param name="Text">The bytes as text where they are UTF-8 without control characters (but tab and line ends), otherwise in base64.</param>
/// <param name="IsBase64">Whether the text is base64.</param>
/// <param name="IsCut">Whether this is the beginning only: 2,048 bytes of text, 256 bytes of anything else.</param>
public sealed record Preview(string Text, bool IsBase64, bool IsCut)
{
    private const int MostOfText = 2_048;
    private const int MostOfOthers = 256;

    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 128).Select(i => (char)i).Where(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r'))]);

    internal static Preview Of(ReadOnlySpan<byte> bytes)
    {
        var beginning = bytes[..Math.Min(bytes.Length, MostOfText)];
        Span<char> room = stackalloc char[MostOfText];
        // What is cut may be cut within a character, which is left out then.
        var status = Utf8.ToUtf16(
            beginning, room, out _, out var length, replaceInvalidSequences: false, isFinalBlock: beginning.Length == bytes.Length);
        ReadOnlySpan<char> text = room[..length];
        if (status is OperationStatus.Done or OperationStatus.NeedMoreData && !text.ContainsAny(Controls))
            return new(text.ToString(), IsBase64: false, beginning.Length < bytes.Length);
        return new(Convert.ToBase64String(bytes[..Math.Min(bytes.Length, MostOfOthers)]), IsBase64: true, bytes.Length > MostOfOthers);
    }
}
