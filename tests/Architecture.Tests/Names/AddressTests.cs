using System.Text.RegularExpressions;
using Conductor.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Conductor.Architecture.Tests.Names;

/// <summary>How an address of the bus is written is known in one place.</summary>
public sealed partial class AddressTests
{
    [Fact]
    public void Addresses_of_the_bus_are_written_in_one_place() =>
        Places(SourceTree.Files).Count.ShouldBeLessThanOrEqualTo(1, string.Join('\n', Places(SourceTree.Files)));

    [Fact]
    public void A_planted_address_is_found() =>
        Places([new("a/A.cs", """var x = new Uri($"queue:{name}");"""), new("b/B.cs", """var x = "exchange:tasks?type=direct";"""),
            new("c/C.cs", """var x = "a queue: not an address";""")])
            .ShouldBe(["a/A.cs", "b/B.cs"]);

    private static List<string> Places(IEnumerable<SourceFile> files) =>
        [.. files.Where(f => !f.IsTest
            && f.Tokens().Any(t => (t.IsKind(SyntaxKind.StringLiteralToken) || t.IsKind(SyntaxKind.InterpolatedStringTextToken)) && Address().IsMatch(t.Text)))
            .Select(f => f.Path)];

    [GeneratedRegex("^\"?(queue|exchange|topic):", RegexOptions.None, 1000)]
    private static partial Regex Address();
}
