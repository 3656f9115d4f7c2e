namespace Conductor.Domain.Workflows.Limits;

/// <summary>
/// What a text may hold, and how long it may be, in UTF-16 units. The limits of indexed texts are such that PostgreSQL's index rows
/// (2,704 bytes) hold them at three bytes a unit, also those that are indexed together.
/// </summary>
public static class TextLimits
{
    /// <summary>Names of definitions, task types and reference names.</summary>
    public const int Name = 255;
    /// <summary>A correlation id; it is indexed with a name.</summary>
    public const int CorrelationId = 500;
    /// <summary>A worker domain, or a list of them; it is indexed with a task type.</summary>
    public const int Domain = 255;
    /// <summary>Who works; it is indexed with a task type and a domain.</summary>
    public const int WorkerId = 255;
    /// <summary>Why something did not succeed.</summary>
    public const int Reason = 10_000;
    /// <summary>One line of a task's log.</summary>
    public const int LogLine = 100_000;
    /// <summary>Other short texts: owners, sinks, keys.</summary>
    public const int Short = 1_000;
    /// <summary>Descriptions and scripts.</summary>
    public const int Long = 100_000;

    /// <summary>What is wrong with a text, as the end of a sentence that begins with its name; null when nothing is.</summary>
    public static string? Problem(string? text, int longest)
    {
        if (text is null) return null;
        if (text.Length > longest) return $"is {text.Length} characters long; at most {longest} are allowed";
        if (text.Contains('\0', StringComparison.Ordinal)) return "must not hold the character NUL";
        return HasLoneSurrogate(text) ? "must not hold half of a surrogate pair" : null;
    }

    /// <summary>The text cut to the limit, with U+FFFD in place of what no text may hold.</summary>
    public static string Fitted(string text, int longest)
    {
        if (Problem(text, longest) is null) return text;
        if (text.Length > longest) text = text[..longest];
        return string.Concat(text.EnumerateRunes().Select(r => r.Value == 0 ? "\uFFFD" : r.ToString()));
    }

    private static bool HasLoneSurrogate(string text)
    {
        var first = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        for (var i = first < 0 ? text.Length : first; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return true;
            i++;
        }
        return false;
    }
}
