using Conductor.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Conductor.Architecture.Tests.Names;

public sealed class TypeNameTests
{
    [Fact]
    public void No_type_name_stands_for_two_things() => Homonyms(SourceTree.Files).ShouldBeEmpty();

    [Fact]
    public void A_planted_second_type_of_a_name_is_found() =>
        Homonyms([new("a/A.cs", "namespace A; public record Order;"), new("b/B.cs", "namespace B; class Outer { internal enum Order { None } }")])
            .ShouldBe(["Order: A.Order, B.Outer.Order"]);

    [Fact]
    public void Parts_of_a_type_its_generic_form_and_what_nobody_else_sees_are_not() => Homonyms(
    [
        new("a/A.cs", "namespace A; partial class Order { private enum State { None } } class Order<T>; file class Shape;"),
        new("a/B.cs", "namespace A; partial class Order; class Line { enum State { None } } file class Shape;"),
        new("tests/C.cs", "namespace C; class Order;"),
    ]).ShouldBeEmpty();

    private static IEnumerable<string> Homonyms(IEnumerable<SourceFile> files) =>
        from file in files
        where !file.IsTest
        from type in file.Nodes<MemberDeclarationSyntax>()
        where type is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && !IsHidden(type)
        group FullName(type) by NameOf(type) into sameName
        let things = sameName.Distinct().Order(StringComparer.Ordinal).ToList()
        where things.Count > 1
        orderby sameName.Key
        select $"{sameName.Key}: {string.Join(", ", things)}";

    // A nested type is private unless it says otherwise; a file's own type is no name elsewhere.
    private static bool IsHidden(MemberDeclarationSyntax type) =>
        type.Modifiers.Any(SyntaxKind.FileKeyword) || (type.Parent is TypeDeclarationSyntax and not InterfaceDeclarationSyntax && !type.Modifiers.Any(
            m => m.IsKind(SyntaxKind.PublicKeyword) || m.IsKind(SyntaxKind.InternalKeyword) || m.IsKind(SyntaxKind.ProtectedKeyword)));

    private static string NameOf(MemberDeclarationSyntax type) =>
        type is DelegateDeclarationSyntax d ? d.Identifier.Text : ((BaseTypeDeclarationSyntax)type).Identifier.Text;

    private static string FullName(MemberDeclarationSyntax type) => string.Join('.', type.AncestorsAndSelf().Reverse().Select(node => node switch
    {
        BaseNamespaceDeclarationSyntax space => space.Name.ToString(),
        MemberDeclarationSyntax member => NameOf(member),
        _ => "",
    }).Where(part => part.Length > 0));
}
