using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Conductor.Architecture.Tests.Sources;

/// <summary>A file of the tree.</summary>
/// <param name="Path">Its path below the root, with slashes.</param>
/// <param name="Text">What is in it.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private readonly Lazy<CompilationUnitSyntax> _syntax = new(() => CSharpSyntaxTree.ParseText(Text).GetCompilationUnitRoot());

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    public IEnumerable<T> Nodes<T>() where T : SyntaxNode => IsCSharp ? _syntax.Value.DescendantNodes().OfType<T>() : [];

    public IEnumerable<SyntaxToken> Tokens() => IsCSharp ? _syntax.Value.DescendantTokens() : [];

    /// <summary>The place of a node, as tests tell it.</summary>
    public string At(SyntaxNode node) => $"{Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";
}
