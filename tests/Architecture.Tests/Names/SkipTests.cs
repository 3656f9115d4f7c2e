using Conductor.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Conductor.Architecture.Tests.Names;

/// <summary>A skip inside of what an assertion calls is taken for the exception that the assertion is about.</summary>
public sealed class SkipTests
{
    private static readonly string[] MaySkip = ["Assert.Skip", "SharedData.", "SharedFiles.", "Packets.Real"];

    [Fact]
    public void No_test_is_skipped_from_within_a_lambda() => Hidden(SourceTree.Files).ShouldBeEmpty();

    [Fact]
    public void A_planted_skip_is_found() =>
        Hidden([new("tests/A.cs", "Should.Throw<X>(() => Read(SharedData.Path(\"a\")));"), new("tests/B.cs", "var a = SharedData.Path(\"a\");")])
            .ShouldBe(["tests/A.cs:1 SharedData.Path"]);

    private static IEnumerable<string> Hidden(IEnumerable<SourceFile> files) =>
        from file in files
        where file.IsTest
        from call in file.Nodes<InvocationExpressionSyntax>()
        let name = call.Expression.ToString()
        where MaySkip.Any(start => name.StartsWith(start, StringComparison.Ordinal)) && call.Ancestors().OfType<LambdaExpressionSyntax>().Any()
        select $"{file.At(call)} {name}";
}
