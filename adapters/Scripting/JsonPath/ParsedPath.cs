namespace Conductor.Scripting.JsonPath;

/// <summary>A path: <c>$…</c> from the root, or <c>@…</c> from the item that a filter looks at.</summary>
internal sealed class ParsedPath
{
    private readonly bool[] _definiteBefore;

    public ParsedPath(bool isRoot, IReadOnlyList<PathToken> tokens)
    {
        (IsRoot, Tokens) = (isRoot, tokens);
        _definiteBefore = new bool[tokens.Count + 1];
        _definiteBefore[0] = true;
        for (var i = 0; i < tokens.Count; i++) _definiteBefore[i + 1] = _definiteBefore[i] && IsDefiniteToken(i);
    }

    public bool IsRoot { get; }

    public IReadOnlyList<PathToken> Tokens { get; }

    /// <summary>It leads to one value at most; any other gives an array of what it finds.</summary>
    public bool IsDefinite => _definiteBefore[^1];

    public bool IsFunction => Tokens is [.., FunctionToken];

    public bool IsLeaf(int at) => at == Tokens.Count - 1;

    /// <summary>All tokens before it are definite.</summary>
    public bool IsDefiniteBefore(int at) => _definiteBefore[at];

    public bool IsDefiniteToken(int at) => Tokens[at] switch
    {
        PropertyToken properties => properties.Names.Count == 1 || IsLeaf(at),
        IndexToken indices => indices.Indices.Count == 1,
        FunctionToken => true,
        _ => false,
    };
}
