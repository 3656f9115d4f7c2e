using System.Security.Cryptography;
using Conductor.Scripting.JavaScript;

namespace Conductor.Scripting.Tests.JavaScript;

public sealed class VendoredFileTests
{
    [Fact]
    public void The_engine_is_the_published_file()
    {
        using var file = typeof(JavaScriptEvaluator).Assembly.GetManifestResourceStream("quickjs.wasm")!;
        Convert.ToHexStringLower(SHA256.HashData(file)).ShouldBe("d4c9375f2b1ca4dc95f72c8aa2982a7a9951ac8011490d79c6582df732b4bbd9");
    }
}
