using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Conductor.Pipelines.Definitions;

/// <summary>Refuses texts that would unfold without end, before anything walks through them.</summary>
internal static class YamlShape
{
    private const int Deepest = 32;

    /// <exception cref="YamlException">The text is not YAML, refers to parts of itself, or nests too deep.</exception>
    public static void Check(string text)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            var at = parser.Current!;
            depth += at.NestingIncrease;
            if (at is AnchorAlias) throw new YamlException(at.Start, at.End, "aliases (*name) are not supported here; write the part out");
            if (depth > Deepest) throw new YamlException(at.Start, at.End, $"it nests deeper than {Deepest}");
        }
    }
}
