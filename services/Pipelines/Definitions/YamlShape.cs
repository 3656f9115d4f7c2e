using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Conductor.Pipelines.Definitions;

/// <summary>Loads YAML; refuses texts that would unfold without end, or of which paths and messages would, before anything walks through them.</summary>
internal sealed class YamlShape
{
    private const int Deepest = 32;
    private const int MostValues = 50_000;
    private const int LongestKey = 200;
    private const int LongestText = 10_000;
    private readonly Stack<Level> _levels = [];
    private int _values;

    private sealed class Level(bool isMapping)
    {
        private int _values;

        /// <summary>Whether what comes now is a key: the first, the third ... of a mapping.</summary>
        public bool TakesKey() => _values++ % 2 == 0 && isMapping;
    }

    /// <exception cref="YamlException">The text is not YAML, refers to parts of itself, or is larger in some way than a pipeline ever is.</exception>
    public static IList<YamlDocument> Load(string text)
    {
        var nul = text.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0) throw At(text, nul, "a pipeline holds no NUL");
        var shape = new YamlShape();
        var parser = new Parser(new StringReader(text));
        Guard(parser, () =>
        {
            while (parser.MoveNext()) shape.Check(parser.Current!);
        });
        var stream = new YamlStream();
        parser = new Parser(new StringReader(text));
        Guard(parser, () => stream.Load(parser));
        return stream.Documents;
    }

    // Some texts that are not YAML surprise the library: "{ a: b: c", or an empty key.
    private static void Guard(Parser parser, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is not YamlException)
        {
            var at = parser.Current?.End ?? new Mark(0, 1, 1);
            throw new YamlException(at, at, $"this, or what follows, is not YAML ({e.Message})", e);
        }
    }

    private void Check(ParsingEvent at)
    {
        switch (at)
        {
            case AnchorAlias: throw new YamlException(at.Start, at.End, "aliases (*name) are not supported here; write the part out");
            case Scalar scalar: CheckText(scalar, isKey: Begin(at)); break;
            case MappingStart: Begin(at); Enter(at, isMapping: true); break;
            case SequenceStart: Begin(at); Enter(at, isMapping: false); break;
            case MappingEnd or SequenceEnd: _levels.Pop(); break;
        }
    }

    private bool Begin(ParsingEvent at)
    {
        if (++_values > MostValues) throw new YamlException(at.Start, at.End, $"it holds more than {MostValues} keys and values");
        return _levels.TryPeek(out var level) && level.TakesKey();
    }

    private void Enter(ParsingEvent at, bool isMapping)
    {
        _levels.Push(new Level(isMapping));
        if (_levels.Count > Deepest) throw new YamlException(at.Start, at.End, $"it nests deeper than {Deepest}");
    }

    private static void CheckText(Scalar scalar, bool isKey)
    {
        var longest = isKey ? LongestKey : LongestText;
        if (scalar.Value.Length > longest)
            throw new YamlException(scalar.Start, scalar.End, $"a {(isKey ? "key" : "text")} has at most {longest} characters, not {scalar.Value.Length}");
    }

    private static YamlException At(string text, int index, string message)
    {
        var (line, start) = (text.AsSpan(0, index).Count('\n') + 1, text.AsSpan(0, index).LastIndexOf('\n') + 1);
        var mark = new Mark(index, line, index - start + 1);
        return new YamlException(mark, mark, message);
    }
}
