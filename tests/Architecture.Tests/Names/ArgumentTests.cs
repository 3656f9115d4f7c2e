using Conductor.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Conductor.Architecture.Tests.Names;

public sealed class ArgumentTests
{
    private const int Most = 8;

    // Theirs are lists of content, and of bytes.
    private static readonly string[] Lists = ["XElement", "Guid"];

    [Fact]
    public void Nothing_is_constructed_of_more_than_eight_values_without_names() => Unnamed(SourceTree.Files).ShouldBeEmpty();

    [Theory]
    [InlineData("var x = new Order(1, 2, 3, 4, 5, 6, 7, 8, 9);")]
    [InlineData("Order x = new(1, 2, 3, 4, 5, 6, 7, 8, 9);")]
    [InlineData("class A() : B(1, 2, 3, 4, 5, 6, 7, 8, 9);")]
    [InlineData("class A : B { A() : base(1, 2, 3, 4, 5, 6, 7, 8, 9) { } }")]
    public void A_planted_construction_is_found(string text) => Unnamed([new("a/A.cs", text)]).ShouldBe(["a/A.cs:1 passes 9 values without a name"]);

    [Theory]
    [InlineData("var x = new Order(1, 2, 3, 4, 5, 6, 7, 8);")]
    [InlineData("var x = new Order(1, 2, 3, 4, 5, 6, 7, 8, ninth: 9);")]
    [InlineData("var x = Order(1, 2, 3, 4, 5, 6, 7, 8, 9);")]
    [InlineData("class A { XElement X() => new(1, 2, 3, 4, 5, 6, 7, 8, 9); }")]
    public void Names_make_it_readable_and_calls_and_lists_of_content_are_no_constructions(string text) => Unnamed([new("a/A.cs", text)]).ShouldBeEmpty();

    private static IEnumerable<string> Unnamed(IEnumerable<SourceFile> files) =>
        from file in files
        from arguments in file.Nodes<ArgumentListSyntax>()
        where IsConstruction(arguments.Parent)
        let unnamed = arguments.Arguments.Count(a => a.NameColon is null)
        where unnamed > Most
        select $"{file.At(arguments)} passes {unnamed} values without a name";

    private static bool IsConstruction(SyntaxNode? node) => node switch
    {
        ObjectCreationExpressionSyntax creation => !Lists.Contains(creation.Type.ToString()),
        ImplicitObjectCreationExpressionSyntax { Parent: ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax method } } =>
            !Lists.Contains(method.ReturnType.ToString()),
        ImplicitObjectCreationExpressionSyntax or ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax => true,
        _ => false,
    };
}
