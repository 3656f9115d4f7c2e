using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Sagas.Workflow;
using Conductor.Scripting.JavaScript;
using Conductor.Workflows.Executions;
using Conductor.Workflows.Sagas;
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
        await using var nowhere = Npgsql.NpgsqlDataSource.Create("Host=127.0.0.1;Port=1");
        await using var services = new ServiceCollection().AddSingleton(logs).AddLogging().AddSingleton<WorkflowCommands>().AddSingleton<WorkflowEvents>()
            .AddSingleton<ExecutionMessages>().AddSingleton<WorkflowDecisions>().AddSingleton<ScriptWaits>().AddSingleton(TimeProvider.System)
            .AddSingleton<IScriptEvaluator, JavaScriptEvaluator>().AddSingleton(new ScriptLimits())
            .AddSingleton<IWorkflowCatalog>(new Broken(handler)).AddSingleton(new OneExecution(new Broken(handler)))
            .AddSagaEvents<WorkflowSaga, WorkflowState, OneExecution>(o => o.DataSource = _ => nowhere).BuildServiceProvider();
        var report = new ExtendTaskLease { WorkflowId = Guid.NewGuid(), TaskId = Guid.NewGuid() };

        var failed = await Should.ThrowAsync<Exception>(
            services.GetRequiredService<WorkflowCommands>().SendAsync(report, TestContext.Current.CancellationToken));

        failed.Message.ShouldBe("on purpose");
        var scope = _lines.Single(l => l.Line == "handled").Scope;
        (scope["workflowId"], scope["taskId"]).ShouldBe((report.WorkflowId, report.TaskId));
        (failed.Data["workflowId"], failed.Data["taskId"]).ShouldBe((report.WorkflowId, report.TaskId));
    }

    void ISupportExternalScope.SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    ILogger ILoggerProvider.CreateLogger(string categoryName) => new Lines(this);

    void IDisposable.Dispose()
    {
    }

    /// <summary>An execution that is in memory, and whose data fails whoever asks for it.</summary>
    private sealed class OneExecution(Broken session) : ISagaBatchStore<WorkflowState>
    {
        public bool NeedsLocks => false;

        public Task<IReadOnlyDictionary<Guid, WorkflowState>> LoadAsync(
            BatchTransaction transaction, IReadOnlyList<SagaMessage> messages, CancellationToken cancellationToken)
        {
            var instance = new WorkflowInstance { WorkflowId = messages[0].SagaId, Name = "n", Version = 1, DefinitionHash = "h" };
            return Task.FromResult<IReadOnlyDictionary<Guid, WorkflowState>>(new Dictionary<Guid, WorkflowState>
            {
                [instance.WorkflowId] = WorkflowState.Stored(instance, "Running", 1, null, session),
            });
        }

        public Task<IBatchOutcome?> SaveAsync(
            BatchTransaction transaction, IReadOnlyList<SagaChange<WorkflowState>> changes, CancellationToken cancellationToken) =>
            Task.FromResult<IBatchOutcome?>(null);
    }

    private sealed class Broken(ILogger logger) : IWorkflowSession, IWorkflowCatalog
    {
        public WorkflowContext Context => throw new NotSupportedException();

        public ValueTask<TaskRecord?> TaskAsync(Guid taskId, CancellationToken cancellationToken)
        {
            logger.LogInformation("handled");
            throw new InvalidOperationException("on purpose");
        }

        public Task LoadAsync(DataRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
        public Task<IReadOnlyList<TaskRecord>> OpenTasksAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
        public void Apply(IReadOnlyList<WorkflowEvent> events) => throw new NotSupportedException();
        public IWorkflowSession With(WorkflowGraph graph) => throw new NotSupportedException();
        public ValueTask<WorkflowGraph?> FindAsync(string name, int? version, CancellationToken cancellationToken) => throw new NotSupportedException();
        public ValueTask<WorkflowGraph> GetAsync(string hash, CancellationToken cancellationToken) => throw new NotSupportedException();
        public IWorkflowSession NewSession(Guid workflowId, WorkflowGraph graph) => throw new NotSupportedException();
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
