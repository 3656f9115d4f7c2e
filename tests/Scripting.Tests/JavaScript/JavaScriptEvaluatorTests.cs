using System.Text.Json;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Scripting.JavaScript;

namespace Conductor.Scripting.Tests.JavaScript;

public sealed class JavaScriptEvaluatorTests(JavaScriptEngine engine) : IClassFixture<JavaScriptEngine>
{
    private const string Input = """{"v":2,"list":[1,2,3],"o":{"a":"x"}}""";

    private Task<ScriptResult> EvaluateAsync(string script, string input = Input) => engine.EvaluateAsync(script, input);

    [Theory]
    [InlineData("$.v > 1 ? 'big' : 'small'", "\"big\"")]
    [InlineData("if ($.v > 5) { true; } else { false; }", "false")]
    [InlineData("(function () { return { sum: $.list.reduce(function (a, b) { return a + b; }, 0), a: $.o.a }; })()", """{"sum":6,"a":"x"}""")]
    [InlineData("$.v * 10", "20")]
    [InlineData("$.absent", "null")]
    [InlineData("null", "null")]
    [InlineData("(() => {})", "null")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    [InlineData("1e23", "1e+23")]
    public async Task The_value_of_the_last_statement_is_the_result(string script, string expected) => (await ValueAsync(script)).ShouldBe(expected);

    [Theory]
    [InlineData("$.list.map(n => n * 2).includes(4) && $.o?.a", "\"x\"")]
    [InlineData("const { v, ...rest } = $; `${v}${Object.entries(rest).length}`", "\"22\"")]
    [InlineData("new Map(Object.entries($.o)).get('a') ?? 'none'", "\"x\"")]
    [InlineData("let [first, , third] = $.list; [...new Set([first, third, 1])]", "[1,3]")]
    [InlineData("class A { #n = 1; static of() { return new A().#n; } } A.of()", "1")]
    [InlineData("Object.fromEntries([['k', 2 ** 10]])", """{"k":1024}""")]
    [InlineData("'a-b-a'.replaceAll('a', 'c').padEnd(6, '.').at(-1)", "\".\"")]
    [InlineData("[1, [2, [3]]].flat(Infinity).findLast(n => n < 3)", "2")]
    [InlineData("Object.groupBy($.list, n => n % 2 ? 'odd' : 'even')", """{"odd":[1,3],"even":[2]}""")]
    [InlineData("/(?<year>\\d{4})/u.exec('in 2026').groups.year", "\"2026\"")]
    [InlineData("let x = null; x ??= 1_000; x", "1000")]
    public async Task Later_editions_of_JavaScript_are_understood(string script, string expected) => (await ValueAsync(script)).ShouldBe(expected);

    [Theory]
    [InlineData("$.absent.deeper", "TypeError: cannot read property 'deeper' of undefined (line 1, column 1)")]
    [InlineData("let a = 1;\nlet b = ;", "SyntaxError: unexpected token in expression: ';' (line 2, column 9)")]
    [InlineData("throw new Error('no')", "Error: no (line 1, column 11)")]
    [InlineData("throw 'plain'", "plain")]
    [InlineData("(function f() { return f(); })()", "The script recurses too deeply (line 1, column 23)")]
    [InlineData("Java.type('java.lang.System')", "Error: Java is not available to scripts: java.lang.System (line 1, column 5)")]
    [InlineData("(async () => 1)()", "The script returns a promise; return its value instead")]
    public async Task An_error_is_told_with_its_place(string script, string message) => (await EvaluateAsync(script)).Error.ShouldBe(message);

    [Fact]
    public async Task A_script_that_cannot_be_compiled_is_found_without_running_it()
    {
        (await engine.Evaluator.CheckAsync("d", "while (true) {}")).ShouldBeNull();
        (await engine.Evaluator.CheckAsync("d", "1;\n  b c")).ShouldBe("SyntaxError: expecting ';' (line 2, column 5)");
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("/^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')")]
    [InlineData("new Array(200000001).join('x').length")]
    public async Task What_takes_too_long_is_stopped(string script) => (await EvaluateAsync(script)).Error.ShouldBe("The script took longer than 1 s");

    [Theory]
    [InlineData("var s = 'x'; while (true) { s = s + s; }", "InternalError: string too long (line 1, column 37)")]
    [InlineData("new Uint8Array(7e7).length", "The script takes more memory than allowed (line 1, column 5)")]
    public async Task A_script_that_takes_ever_more_memory_is_stopped(string script, string message) =>
        (await EvaluateAsync(script)).Error.ShouldBe(message);

    [Fact]
    public async Task A_result_too_deep_to_be_stored_is_refused() => (await EvaluateAsync("var o = {}; for (var i = 0; i < 1500; i++) o = { o }; o"))
        .Error.ShouldNotBeNull().ShouldStartWith("The script's result cannot be kept: The maximum configured depth of 1000 has been exceeded.");

    [Fact]
    public async Task A_result_that_is_too_long_is_refused() =>
        (await EvaluateAsync("'x'.repeat(1e5)")).Error.ShouldBe("The script's result has 100,002 bytes; 100,000 are allowed");

    [Fact]
    public async Task An_input_that_is_too_long_is_refused() =>
        (await EvaluateAsync("1", $$"""{"a":"{{new string('x', 100_000)}}"}""")).Error.ShouldBe("The script's input has 100,008 bytes; 100,000 are allowed");

    [Fact]
    public async Task A_script_that_is_too_long_is_refused() =>
        (await EvaluateAsync(new string(' ', 300_001))).Error.ShouldBe("The script has 300,001 bytes; 300,000 are allowed");

    [Theory]
    [InlineData("'a\\ud800b'", "a\ufffdb")]
    [InlineData("'\\\\ud800'", "\\ud800")]
    [InlineData("'\\ud83d\\ude00'", "\ud83d\ude00")]
    public async Task A_result_is_always_text_that_can_be_stored(string script, string expected) =>
        (await EvaluateAsync(script)).Value.GetString().ShouldBe(expected);

    [Fact]
    public async Task Scripts_see_nothing_of_the_machine_or_of_each_other()
    {
        (await ValueAsync("leak = 1; Object.prototype.toJSON = () => 'polluted'; JSON.parse = null; [1]")).ShouldBe("\"polluted\"");
        (await ValueAsync("[typeof leak, typeof process, typeof require, JSON.parse('[1]')]")).ShouldBe("""["undefined","undefined","undefined",[1]]""");
    }

    private async Task<string> ValueAsync(string script)
    {
        var result = await EvaluateAsync(script);
        result.Error.ShouldBeNull();
        return result.Value.GetRawText();
    }
}
