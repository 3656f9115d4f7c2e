using System.Text;
using System.Text.Json;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Tests.Workflows.Limits;

public sealed class RequestJsonTests
{
    [Theory]
    [InlineData("""{"a":{"b":["x","\ud800"]}}""", "$.a.b[1]")]
    [InlineData("""{"a":"\udc00\ud800"}""", "$.a")]
    [InlineData("""{"a":1,"b":"x\u0000y"}""", "$.b")]
    [InlineData("""[1,{"\ud83d":2}]""", "$[1].")]
    [InlineData("""{"a":[1,1e400]}""", "$.a[1]")]
    [InlineData("""{"a":-1e999}""", "$.a")]
    public void What_could_not_be_read_back_is_refused_with_its_place(string json, string path) =>
        Should.Throw<JsonException>(() => RequestJson.Read(Encoding.UTF8.GetBytes(json))).Path.ShouldNotBeNull().ShouldStartWith(path);

    [Theory]
    [InlineData("""{"a":"\ud83d\ude00 \\ud800 \\u0000 \u00e9"}""")]
    [InlineData("""{"a":1e308,"b":1e-400,"c":123456789012345678901234567890}""")]
    public void What_only_looks_like_it_is_kept_as_it_is(string json) =>
        RequestJson.Read(Encoding.UTF8.GetBytes(json)).GetRawText().ShouldBe(json);

    [Fact]
    public void Bytes_that_are_no_text_are_refused() =>
        Should.Throw<JsonException>(() => RequestJson.Read([(byte)'"', 0xC3, 0x28, (byte)'"'])).Message.ShouldBe("the text is not valid UTF-8");

    [Fact]
    public void A_report_gets_replacements_where_a_request_is_refused()
    {
        var json = Encoding.UTF8.GetBytes("""{"\ud800k":"a\ud800\ud83d\ude00\u0000\\u0000"}""");
        RequestJson.ReadReplacing(json).ToString().ShouldBe("""{"\ufffdk":"a\ufffd\ud83d\ude00\ufffd\\u0000"}""");
        RequestJson.ReadReplacing([(byte)'"', 0xC3, 0x28, (byte)'"']).GetString().ShouldBe("\uFFFD(");
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth));
        RequestJson.Read(Nested(900)).ValueKind.ShouldBe(JsonValueKind.Array);
        Should.Throw<JsonException>(() => RequestJson.Read(Nested(JsonLimits.RequestDepth + 1))).Message.ShouldContain("1000");
    }
}
