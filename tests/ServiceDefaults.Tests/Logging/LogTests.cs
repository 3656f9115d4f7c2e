using System.Diagnostics;
using System.Text.Json;
using Conductor.ServiceDefaults.Logging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Conductor.ServiceDefaults.Tests.Logging;

public sealed class LogTests
{
    [Fact]
    public void A_line_is_one_JSON_object_with_the_trace_and_the_fields()
    {
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        var line = Write(LogLevel.Error, "order {OrderId}\nfailed", new InvalidOperationException("no lamp"), 7);
        line.Trim('\n').ShouldNotContain('\n');
        var log = JsonDocument.Parse(line).RootElement;
        log.GetProperty("level").GetString().ShouldBe("error");
        log.GetProperty("category").GetString().ShouldBe("Shop");
        log.GetProperty("message").GetString().ShouldBe("order 7\nfailed");
        log.GetProperty("traceId").GetString().ShouldBe(activity.TraceId.ToString());
        log.GetProperty("spanId").GetString().ShouldBe(activity.SpanId.ToString());
        log.GetProperty("fields").GetProperty("OrderId").GetString().ShouldBe("7");
        log.GetProperty("exception").GetString().ShouldNotBeNull().ShouldContain("no lamp");
        log.GetProperty("at").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_line_without_a_trace_or_fields_has_neither()
    {
        var log = JsonDocument.Parse(Write(LogLevel.Information, "hello", null)).RootElement;
        log.EnumerateObject().Select(p => p.Name).ShouldBe(["at", "level", "category", "message"]);
    }

    [Theory]
    [InlineData(null, "json-lines")]
    [InlineData("simple", "simple")]
    public async Task Redirected_output_is_JSON_unless_configuration_says_otherwise(string? configured, string expected)
    {
        Assert.SkipUnless(Console.IsOutputRedirected, "standard output is a terminal");
        await using var service = await TestService.StartAsync(
            configuration: configured is null ? null : new() { ["Logging:Console:FormatterName"] = configured });
        service.App.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName.ShouldBe(expected);
        service.App.Services.GetServices<ConsoleFormatter>().Select(f => f.Name).ShouldContain(expected);
    }

    private static string Write(LogLevel level, string message, Exception? exception, params object?[] values)
    {
        var capture = new Capture();
        capture.Log(level, exception, message, values);
        using var writer = new StringWriter();
        new JsonLines(TimeProvider.System).Write(capture.Entry!.Value, null, writer);
        return writer.ToString();
    }

    /// <summary>Takes the state as the logging extensions build it.</summary>
    private sealed class Capture : ILogger
    {
        public LogEntry<object?>? Entry { get; private set; }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entry = new LogEntry<object?>(logLevel, "Shop", eventId, state, exception, (s, e) => formatter((TState)s!, e));
    }
}
