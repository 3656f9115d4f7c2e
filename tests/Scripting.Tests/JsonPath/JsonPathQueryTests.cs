using System.Text.Json;
using Conductor.Domain.Workflows.Limits;
using Conductor.Scripting.JsonPath;

namespace Conductor.Scripting.Tests.JsonPath;

public sealed class JsonPathQueryTests
{
    // Jayway's JsonPath 2.9.0 with suppressed exceptions was run on the document of the first line; null also stands for an exception.
    private static readonly string[] Recorded = Resource("jayway-2.9.0.tsv");

    private static readonly Lazy<JsonElement> Large = new(CreateLarge);

    public static TheoryData<string, string> Vectors => [.. Recorded.Skip(1).Select(line => line.Split('\t')).Select(pair => (pair[0], pair[1]))];

    private static string Select(string path, JsonElement document) => new JsonPathQuery().Select(
        document, path, new(name => document.TryGetProperty(name, out var value) ? value : null))?.GetRawText() ?? "null";

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_query_gives_what_Jayway_gives(string path, string expected) => Select(path, JsonElement.Parse(Recorded[0])).ShouldBe(expected);

    [Theory]
    [InlineData("$..*.t", """["foo","bar","fab",""]""")]
    [InlineData("$..[0,1].t", """["foo","bar"]""")]
    [InlineData("$..[1:].t", """["bar","fab",""]""")]
    [InlineData("$.items[?(@.tags in [['a','b']])].t", """["bar"]""")]
    [InlineData("$.items[?(@.p in [{\"q\":1}])].t", """["foo"]""")]
    public void Where_Jayway_loses_items_or_breaks_off_the_answer_is_what_the_path_says(string path, string expected) =>
        Select(path, JsonElement.Parse(Recorded[0])).ShouldBe(expected);

    [Theory]
    [InlineData("$..*..*..*..*..*..*")]
    [InlineData("$..[?(@..[?(@..[?(@..z)])])]")]
    [InlineData("$..*")]
    public void A_query_that_does_or_gives_too_much_is_refused(string path)
    {
        var deep = JsonElement.Parse(string.Concat(Enumerable.Repeat("""{"a":[1,2,3],"n":""", 900)) + "1" + new string('}', 900), JsonLimits.Document);
        var text = JsonElement.Parse($$"""{"a":["{{new string('x', 40_000_000)}}"]}""");
        Should.Throw<ValueRefusedException>(() => Select(path, path == "$..*" ? text : deep)).Message.ShouldStartWith("The JSONPath ");
    }

    [Theory]
    [InlineData("$.lists[?(@.a subsetof @.b)]")]
    [InlineData("$.lists[?(@.a noneof @.none)]")]
    [InlineData("$.lists[?(@.number in @.b)]")]
    [InlineData("$.lists[?(@.text contains @.part)]")]
    [InlineData("$.lists[0].a[?(@.sum($.lists[0].b) > 0)]")]
    [InlineData("$.lists[0].a[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40]")]
    [InlineData("$..object['p1','p2','p3','p4','p5','p6','p7','p8','p9','p10','p11','p12','p13','p14','p15','p16','p17','p18','p19','p20','p21'].z")]
    public void A_query_that_looks_again_and_again_at_what_is_large_is_refused(string path) =>
        Should.Throw<ValueRefusedException>(() => Select(path, Large.Value)).Message.ShouldStartWith("The JSONPath looks at more than");

    [Theory]
    [InlineData("$.list.append(/a/)")]
    [InlineData("$.list.sum(/a/)")]
    [InlineData("$.list[?(/a/ == /a/)]", "[]")]
    [InlineData("$.list[?(/a/ in [/a/])]")]
    [InlineData("$.list[?([1] contains /a/)]", "[]")]
    public void A_pattern_is_no_value_of_JSON(string path, string expected = "null") => Select(path, JsonElement.Parse("""{"list":[1]}""")).ShouldBe(expected);

    [Theory]
    [InlineData("$.list[?(@ =~ /(a+)+b/)]")]
    [InlineData("$.list[?(@ =~ /(a|aa)*c/)]")]
    [InlineData("$.list[?(@ =~ /(a?){50}a{50}b/)]")]
    public void A_regular_expression_takes_time_by_the_length_of_the_text_alone(string path)
    {
        var document = JsonElement.Parse($$"""{"list":["{{new string('a', 2_000)}}"]}""");
        Select(path, document).ShouldBe("[]");
    }

    [Theory]
    [InlineData("$.list[?(@ =~ /(a{1,1000}){1,1000}/)]")]
    [InlineData("$.list[?(@ =~ /(?=a)a\\\\1/)]")]
    [InlineData("$.list[?((((((((((((((((((((((((((((((((((((((((((((((((((((((((@ == 1))))))))))))))))))))))))))))))))))))))))))))))))))))))))]")]
    [InlineData("$.list[?(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(!(@ == 1)))))))))))))))))))))))))))))]")]
    public void A_filter_that_is_too_large_gives_nothing(string path) => Select(path, JsonElement.Parse("""{"list":["a"]}""")).ShouldBe("null");

    [Fact]
    public void A_path_that_is_too_long_gives_nothing() => Select("$" + new string('.', 20_000), JsonElement.Parse("{}")).ShouldBe("null");

    private static JsonElement CreateLarge()
    {
        var numbers = string.Join(',', Enumerable.Range(0, 1_000_000).Reverse());
        var letters = string.Join(',', "abcdefghijklmnopqrstu".Select(c => $"\"{c}\""));
        var properties = string.Join(',', Enumerable.Range(0, 2_000_000).Select(i => $"\"p{i}\":0"));
        var half = new string('x', 50_000);
        return JsonElement.Parse($$"""
            {"lists":[{"a":[{{numbers}}],"b":[{{numbers}}],"none":[{{letters}}],"number":1{{new string('0', 100_000)}},
            "text":"{{new string('x', 500_000)}}","part":"{{half}}y{{half}}"}],"object":{ {{properties}} } }
            """);
    }

    private static string[] Resource(string name)
    {
        using var reader = new StreamReader(typeof(JsonPathQueryTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
