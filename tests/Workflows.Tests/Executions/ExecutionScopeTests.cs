using Conductor.Contracts.Workflows;
using Conductor.Workflows.Executions;
using Conductor.Workflows.Sagas;
using MassTransit;
using MassTransit.Mediator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Conductor.Workflows.Tests.Executions;

public sealed class ExecutionScopeTests : ILoggerProvider, ISupportExternalScope
{
    private readonly List<(string Line, Dictionary<string, object?> Scope)> _lines = [];
    private IExternalScopeProvider _scopes = null!;

    [Fact]
    public async Task What_is_logged_while_a_command_is_handled_names_execution_and_task_and_a_failure_keeps_them()
    {
        using var logs = LoggerFactory.Create(log => log.AddProvider(this));
        var handler = logs.CreateLogger("handler");
        await using var services = new ServiceCollection().AddSingleton(logs).AddLogging().AddSingleton<WorkflowCommands>()
            .AddSingleton<ExecutionMessages>().AddSingleton(TimeProvider.System)
            .AddMediator(x => x.AddHandler((ConsumeContext<ExtendTaskLease> _) => Fail(handler))).BuildServiceProvider();
        var report = new ExtendTaskLease { WorkflowId = Guid.NewGuid(), TaskId = Guid.NewGuid() };

        var failed = await Should.ThrowAsync<Exception>(
            services.GetRequiredService<WorkflowCommands>().SendAsync(report, TestContext.Current.CancellationToken));

        var scope = _lines.Single(l => l.Line == "handled").Scope;
        (scope["workflowId"], scope["taskId"]).ShouldBe((report.WorkflowId, report.TaskId));
        (failed.Data["workflowId"], failed.Data["taskId"]).ShouldBe((report.WorkflowId, report.TaskId));
    }

    void ISupportExternalScope.SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    ILogger ILoggerProvider.CreateLogger(string categoryName) => new Lines(this);

    void IDisposable.Dispose()
    {
    }

    private static Task Fail(ILogger logger)
    {
        logger.LogInformation("handled");
        throw new InvalidOperationException("on purpose");
    }

    private sealed class Lines(ExecutionScopeTests test) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => test._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scope = new Dictionary<string, object?>();
            test._scopes.ForEachScope((s, all) =>
            {
                foreach (var (key, value) in s as IEnumerable<KeyValuePair<string, object?>> ?? []) all[key] = value;
            }, scope);
            lock (test._lines) test._lines.Add((formatter(state, exception), scope));
        }
    }
}
