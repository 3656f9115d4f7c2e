using System.Globalization;

namespace Conductor.Scripting.JsonPath;

/// <summary>Reads a path. In a filter a path ends before a blank, an operator or a bracket that it has not opened.</summary>
internal sealed class PathParser
{
    private const int Longest = 10_000, Deepest = 20;

    private readonly PathReader _reader;
    private readonly FilterParser _filters;
    private int _depth;

    public PathParser(string text)
    {
        if (text.Length > Longest) throw new PathFailedException($"the path is longer than {Longest} characters");
        _reader = new(text);
        _filters = new(_reader, this);
    }

    /// <summary>The path that is the whole text.</summary>
    public ParsedPath Whole()
    {
        var path = Path(inFilter: false);
        return _reader.IsAtEnd ? path : throw new PathFailedException($"the path cannot be read from {_reader.At}");
    }

    public ParsedPath Path(bool inFilter)
    {
        if (++_depth > Deepest) throw new PathFailedException($"filters are nested more than {Deepest} levels deep");
        var isRoot = _reader.Current == '$';
        _reader.At++;
        var tokens = new List<PathToken>();
        while (_reader.Current is '.' or '[') Read(tokens, inFilter);
        _depth--;
        return new(isRoot, tokens);
    }

    private void Read(List<PathToken> tokens, bool inFilter)
    {
        if (_reader.Current == '[')
        {
            tokens.Add(Bracket());
            return;
        }
        _reader.At++;
        if (_reader.Current == '.')
        {
            tokens.Add(new ScanToken());
            _reader.At++;
        }
        if (tokens is [.., ScanToken] && _reader.Current == '[') tokens.Add(Bracket());
        else tokens.Add(Name(inFilter));
    }

    private PathToken Name(bool inFilter)
    {
        if (_reader.Current == '*')
        {
            _reader.At++;
            return new WildcardToken();
        }
        var name = _reader.TakeWhile(c => c is not ('.' or '[' or '(') && (!inFilter || !IsBehind(c)));
        if (_reader.Current == '(') return Function(name);
        return name.Contains(' ', StringComparison.Ordinal) ? throw new PathFailedException("a name with a blank needs brackets") : new PropertyToken([name]);
    }

    private static bool IsBehind(char c) => c is ' ' or ')' or ',' or '<' or '>' or '=' or '~' or '!' or '&' or '|' or ']' or '}';

    private FunctionToken Function(string name)
    {
        if (!PathFunctions.IsKnown(name)) throw new PathFailedException($"there is no function {name}");
        _reader.At++;
        var arguments = new List<FilterValue>();
        while (!_reader.TryTake(')'))
        {
            if (arguments.Count > 0) _reader.Take(',');
            _reader.SkipBlanks();
            arguments.Add(_filters.Value() is var argument and not PatternValue ? argument : throw new PathFailedException($"{name} takes no pattern"));
        }
        return new(name, arguments);
    }

    private PathToken Bracket()
    {
        _reader.At++;
        _reader.SkipBlanks();
        PathToken token = _reader.Current switch
        {
            '\'' or '"' => Names(),
            '*' => Wildcard(),
            '?' => Filter(),
            _ => Numbers(),
        };
        _reader.Take(']');
        return token;
    }

    private PropertyToken Names()
    {
        var names = new List<string>();
        do
        {
            _reader.SkipBlanks();
            if (_reader.Current is not ('\'' or '"')) throw new PathFailedException("a name is expected");
            names.Add(_reader.TakeQuoted());
        }
        while (_reader.TryTake(','));
        return new(names);
    }

    private WildcardToken Wildcard()
    {
        _reader.At++;
        return new();
    }

    private FilterToken Filter()
    {
        _reader.At++;
        _reader.Take('(');
        var filter = _filters.Any();
        _reader.Take(')');
        return new(filter);
    }

    private PathToken Numbers()
    {
        var text = _reader.TakeWhile(c => char.IsAsciiDigit(c) || c is '-' or ':' or ',' or ' ').Replace(" ", "", StringComparison.Ordinal);
        if (!text.Contains(':', StringComparison.Ordinal)) return new IndexToken([.. text.Split(',').Select(Number)]);
        var parts = text.Split(':');
        var (from, to) = (Bound(parts[0]), Bound(parts[1]));
        return from is null && to is null ? throw new PathFailedException("a slice needs a start or an end") : new SliceToken(from, to);
    }

    private static int? Bound(string text) => text.Length == 0 ? null : Number(text);

    private static int Number(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new PathFailedException($"{text} is no index");
}
