using Conductor.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Conductor.Architecture.Tests.References;

/// <summary>What a project offers to others: namespaces of its types and of its extension methods, by name.</summary>
internal static class Declarations
{
    public static ILookup<string, string> Of(ProjectSources project) =>
        project.Files.SelectMany(Types).Concat(project.Files.SelectMany(Extensions)).ToLookup(d => d.Name, d => d.Namespace);

    private static IEnumerable<(string Name, string Namespace)> Types(SourceFile file) =>
        from type in file.Nodes<MemberDeclarationSyntax>()
        let name = (type as BaseTypeDeclarationSyntax)?.Identifier.Text ?? (type as DelegateDeclarationSyntax)?.Identifier.Text
        where name is not null
        select (name, NamespaceOf(type));

    private static IEnumerable<(string Name, string Namespace)> Extensions(SourceFile file) =>
        from method in file.Nodes<MethodDeclarationSyntax>()
        where method.ParameterList.Parameters.FirstOrDefault()?.Modifiers.Any(m => m.IsKind(SyntaxKind.ThisKeyword)) == true
        select (method.Identifier.Text, NamespaceOf(method));

    private static string NamespaceOf(SyntaxNode node) => node.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString() ?? "";
}
