using System.Diagnostics;
using System.Text.Json;

namespace Conductor.Scripting.Tests;

public sealed class JavaScriptEvaluatorTests
{
    private static Domain.Workflows.Expressions.ScriptResult Evaluate(
        string script, string input = """{"v":2,"list":[1,2,3],"o":{"a":"x"}}""", double seconds = 4) =>
        new JavaScriptEvaluator(TimeSpan.FromSeconds(seconds), 1024 * 1024).Evaluate(script, JsonDocument.Parse(input).RootElement);

    [Theory]
    [InlineData("$.v > 1 ? 'big' : 'small'", "\"big\"")]
    [InlineData("if ($.v > 5) { true; } else { false; }", "false")]
    [InlineData("(function () { return { sum: $.list.reduce(function (a, b) { return a + b; }, 0), a: $.o.a }; })()", """{"sum":6,"a":"x"}""")]
    [InlineData("$.v * 10", "20")]
    [InlineData("$.absent", "null")]
    [InlineData("null", "null")]
    [InlineData("$.list.map(n => n * 2).includes(4) && $.o?.a", "\"x\"")]
    [InlineData("const { v, ...rest } = $; `${v}${Object.entries(rest).length}`", "\"22\"")]
    public void The_value_of_the_last_statement_is_the_result(string script, string expected)
    {
        var result = Evaluate(script);
        result.Error.ShouldBeNull();
        result.Value.GetRawText().ShouldBe(expected);
    }

    [Theory]
    [InlineData("$.absent.deeper", "TypeError")]
    [InlineData("this is no script", "SyntaxError")]
    [InlineData("throw new Error('no')", "no")]
    [InlineData("(function f() { return f(); })()", "recurses")]
    public void An_error_is_told(string script, string part) => Evaluate(script).Error!.ShouldContain(part);

    [Fact]
    public void A_script_without_end_is_stopped()
    {
        var watch = Stopwatch.StartNew();
        Evaluate("while (true) { }", seconds: 0.3).Error.ShouldNotBeNull();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void An_expression_that_backtracks_for_ever_is_stopped() =>
        Evaluate("/^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')", seconds: 0.3).Error!.ShouldContain("longer than");

    [Theory]
    [InlineData("JSON.stringify(o)")]
    [InlineData("o")]
    public void An_object_too_deep_to_be_written_fails_its_script_alone(string result) =>
        Evaluate("var o = {}; for (var i = 0; i < 20000; i++) o = { o: o }; " + result).Error.ShouldNotBeNull();

    [Fact]
    public void A_result_too_deep_to_be_read_fails_its_script_alone() =>
        Evaluate("var o = {}; for (var i = 0; i < 100; i++) o = { o: o }; o").Error!.ShouldContain("result");

    [Fact]
    public void A_script_that_takes_ever_more_memory_is_stopped() => Evaluate("var s = 'x'; while (true) { s = s + s; }").Error!.ShouldContain("memory");

    [Fact]
    public void A_result_that_is_too_long_is_refused() =>
        Evaluate("var s = 'x'; for (var i = 0; i < 21; i++) { s = s + s; } s").Error!.ShouldContain("longer than");

    [Fact]
    public void Scripts_see_nothing_of_the_machine_or_of_each_other()
    {
        Evaluate("leak = 1; typeof System + typeof importNamespace").Value.GetString().ShouldBe("undefinedundefined");
        Evaluate("typeof leak").Value.GetString().ShouldBe("undefined");
    }
}
