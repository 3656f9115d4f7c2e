using System.Globalization;
using System.Text;

namespace Conductor.Scripting.JsonPath;

/// <summary>The text of a path, read from left to right.</summary>
internal sealed class PathReader(string text)
{
    public const char End = '\0';

    public int At { get; set; }

    public char Current => At < text.Length ? text[At] : End;

    public char Next => At + 1 < text.Length ? text[At + 1] : End;

    public bool IsAtEnd => At >= text.Length;

    public string Since(int from) => text[from..At];

    public void SkipBlanks()
    {
        while (Current == ' ') At++;
    }

    /// <summary>Takes the character, when it is the next behind blanks.</summary>
    public bool TryTake(char wanted)
    {
        SkipBlanks();
        if (Current != wanted) return false;
        At++;
        return true;
    }

    public void Take(char wanted)
    {
        if (!TryTake(wanted)) throw new PathFailedException($"'{wanted}' is expected at {At}");
    }

    /// <summary>Takes characters as long as they are wanted; there must be one.</summary>
    public string TakeWhile(Func<char, bool> isWanted)
    {
        var from = At;
        while (!IsAtEnd && isWanted(Current)) At++;
        return At > from ? Since(from) : throw new PathFailedException($"something is missing at {At}");
    }

    /// <summary>Takes a text in quotes, with Java's escapes resolved.</summary>
    public string TakeQuoted()
    {
        var quote = Current;
        var taken = new StringBuilder();
        for (At++; Current != quote; At++)
        {
            if (IsAtEnd) throw new PathFailedException("a quote is not closed");
            if (Current == '\\') TakeEscape(taken);
            else taken.Append(Current);
        }
        At++;
        return taken.ToString();
    }

    /// <summary>Takes up to the bracket that closes the one that stands here, quotes left out.</summary>
    public string TakeBracketed()
    {
        var (from, depth) = (At, 0);
        do
        {
            if (IsAtEnd) throw new PathFailedException("a bracket is not closed");
            if (Current is '\'' or '"')
            {
                TakeQuoted();
                continue;
            }
            if (Current is '[' or '{') depth++;
            else if (Current is ']' or '}') depth--;
            At++;
        }
        while (depth > 0);
        return Since(from);
    }

    private void TakeEscape(StringBuilder taken)
    {
        At++;
        if (Current == 'u' && At + 4 < text.Length
            && ushort.TryParse(text.AsSpan(At + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
        {
            taken.Append((char)unit);
            At += 4;
            return;
        }
        taken.Append(Current switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'f' => '\f', 'b' => '\b', var other => other });
    }
}
