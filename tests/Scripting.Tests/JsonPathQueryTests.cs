using System.Text.Json;

namespace Conductor.Scripting.Tests;

/// <summary>The answers of Jayway's JsonPath with suppressed exceptions, which Conductor uses.</summary>
public sealed class JsonPathQueryTests
{
    private const string Document =
        """{"x":[1,2,3],"big":123456789012345678,"frac":1.50,"when":"2026-01-02T03:04:05Z","items":[{"n":1,"t":"a"},{"n":2,"t":"b"},"""
            + """{"t":"c"}],"o":{"a":1,"b":2}}""";

    private static JsonElement? Select(string path) => new JsonPathQuery().Select(JsonDocument.Parse(Document).RootElement, path);

    [Theory]
    [InlineData("$.x[?(@ > 1)]", "[2,3]")]
    [InlineData("$.items[?(@.n > 1)].t", "[\"b\"]")]
    [InlineData("$.items[?(@.t == 'c')]", "[{\"t\":\"c\"}]")]
    [InlineData("$.items[*].t", "[\"a\",\"b\",\"c\"]")]
    [InlineData("$..n", "[1,2]")]
    [InlineData("$.x[0:2]", "[1,2]")]
    [InlineData("$.x[0,2]", "[1,3]")]
    [InlineData("$.items[?(@.n > 9)]", "[]")]
    [InlineData("$.o.*", "[1,2]")]
    [InlineData("$.x.length()", "3")]
    [InlineData("$.items[*].t.length()", "3")]
    [InlineData("$.o.keys()", "[\"a\",\"b\"]")]
    [InlineData("$.x.sum()", "6.0")]
    [InlineData("$['big']", "123456789012345678")]
    [InlineData("$['when']", "\"2026-01-02T03:04:05Z\"")]
    public void A_query_gives_what_Jayway_gives(string path, string expected) => Select(path)!.Value.GetRawText().ShouldBe(expected);

    [Theory]
    [InlineData("$.absent")]
    [InlineData("$.x[9]")]
    [InlineData("$.x[?(")]
    [InlineData("$.x.nofunction()")]
    public void A_path_that_leads_nowhere_gives_nothing(string path) => Select(path).ShouldBeNull();
}
