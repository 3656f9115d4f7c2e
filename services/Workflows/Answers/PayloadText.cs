using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Workflows.Answers;

/// <summary>A payload in a search hit: Java's text of it as Conductor has it; of a long one the beginning of its JSON.</summary>
internal static class PayloadText
{
    /// <summary>Bytes of JSON from which on a payload is shortened.</summary>
    public const int Longest = 4_000;

    /// <summary>The text, and how many bytes the payload has.</summary>
    public static (string Text, int Size) Of(JsonElement payload)
    {
        var json = JsonMarshal.GetRawUtf8Value(payload);
        if (json.Length > Longest) return (Encoding.UTF8.GetString(json[..Longest]).TrimEnd('\uFFFD') + "…", json.Length);
        try
        {
            return (JavaText.Of(payload), json.Length);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or OverflowException or ArgumentException)
        {
            // A value that came in before its like was refused: its own JSON, so that the list around it can be read.
            return (Encoding.UTF8.GetString(json), json.Length);
        }
    }
}
