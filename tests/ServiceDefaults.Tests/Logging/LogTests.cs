using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Conductor.ServiceDefaults.Tests.Logging;

public sealed class LogTests
{
    [Fact]
    public async Task A_line_is_one_JSON_object_with_fields_scopes_and_trace()
    {
        await using var service = await TestService.StartAsync();
        var formatter = service.App.Services.GetServices<ConsoleFormatter>().Single(f => f.Name == ConsoleFormatterNames.Json);
        var scopes = new LoggerExternalScopeProvider();
        using var activity = scopes.Push(new Dictionary<string, object> { ["workflowId"] = "w-1", ["taskId"] = "t-1" });
        var state = new Dictionary<string, object?> { ["OrderId"] = 7, ["{OriginalFormat}"] = "order {OrderId}" }.ToList();
        using var writer = new StringWriter();
        var error = new InvalidOperationException("no\nlamp");
        formatter.Write(new LogEntry<List<KeyValuePair<string, object?>>>(LogLevel.Error, "Shop", 0, state, error, (_, _) => "order\n7"), scopes, writer);

        writer.ToString().TrimEnd('\n').ShouldNotContain('\n');
        var log = JsonDocument.Parse(writer.ToString()).RootElement;
        log.GetProperty("LogLevel").GetString().ShouldBe("Error");
        log.GetProperty("Message").GetString().ShouldBe("order\n7");
        log.GetProperty("State").GetProperty("OrderId").GetInt32().ShouldBe(7);
        log.GetProperty("Scopes")[0].GetProperty("workflowId").GetString().ShouldBe("w-1");
        log.GetProperty("Scopes")[0].GetProperty("taskId").GetString().ShouldBe("t-1");
        log.GetProperty("Exception").GetString().ShouldNotBeNull().ShouldContain("lamp");
        log.GetProperty("Timestamp").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task What_is_logged_within_a_request_carries_its_trace()
    {
        var lines = new ScopedLines();
        await using var service = await TestService.StartAsync(
            builder => builder.Logging.AddProvider(lines),
            app => app.MapGet("/orders", (ILogger<LogTests> log) =>
            {
                log.LogWarning("no lamp");
                return Activity.Current!.TraceId.ToString();
            }));
        var trace = await service.Client.GetStringAsync("/orders", TestContext.Current.CancellationToken);
        lines.Scopes.ShouldContain($"TraceId={trace}");
        lines.Scopes.ShouldContain(scope => scope.StartsWith("SpanId=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Npgsql.Command")]
    [InlineData("Microsoft.EntityFrameworkCore.Database.Command")]
    public async Task SQL_is_not_logged_unless_configuration_asks_for_it(string category)
    {
        await using var service = await TestService.StartAsync();
        Logger(service, category).IsEnabled(LogLevel.Information).ShouldBeFalse();
        await using var talkative = await TestService.StartAsync(configuration: new() { [$"Logging:LogLevel:{category}"] = "Debug" });
        Logger(talkative, category).IsEnabled(LogLevel.Debug).ShouldBeTrue();
    }

    [Theory]
    [InlineData("GET", "/orders/lamp", null)]
    [InlineData("POST", "/orders", "{")]
    public async Task A_clients_mistake_is_one_line_without_a_stack(string method, string path, string? body)
    {
        var lines = new LogLines();
        await using var service = await TestService.StartAsync(
            builder => builder.Logging.AddProvider(lines),
            app =>
            {
                app.MapGet("/orders/{id}", (int id) => id);
                app.MapPost("/orders", (Dictionary<string, string> order) => order.Count);
            });
        var before = lines.All.Length;
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(StatusCodes.Status400BadRequest);
        var line = lines.All[before..].ShouldHaveSingleItem();
        line.Message.ShouldStartWith($"{method} {path} refused with 400");
        line.Exception.ShouldBeNull();
    }

    [Theory]
    [InlineData(null, ConsoleFormatterNames.Json)]
    [InlineData("simple", "simple")]
    public async Task Redirected_output_is_JSON_unless_configuration_says_otherwise(string? configured, string expected)
    {
        Assert.SkipUnless(Console.IsOutputRedirected, "standard output is a terminal");
        await using var service = await TestService.StartAsync(
            configuration: configured is null ? null : new() { ["Logging:Console:FormatterName"] = configured });
        service.App.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName.ShouldBe(expected);
        service.App.Services.GetServices<ConsoleFormatter>().Select(f => f.Name).ShouldContain(expected);
    }

    private static ILogger Logger(TestService service, string category) => service.App.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    /// <summary>Keeps the scopes' fields of what is logged.</summary>
    private sealed class ScopedLines : ILoggerProvider, ISupportExternalScope, ILogger
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public List<string> Scopes { get; } = [];

        public ILogger CreateLogger(string categoryName) => categoryName == typeof(LogTests).FullName ? this : NullLogger.Instance;

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose() { }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => _scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _scopes.ForEachScope(
                (scope, all) => all.AddRange(((IEnumerable<KeyValuePair<string, object?>>)scope!).Select(field => $"{field.Key}={field.Value}")), Scopes);
    }
}
