using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Sagas.Workflow;
using Conductor.Workflows.Sagas;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Workflows.Tests.Sagas;

/// <summary>The lifecycle's table and the decider must agree, whatever comes in whatever order.</summary>
public sealed class LifecycleTableTests
{
    private const string Definition = """
        {"name":"w","version":1,"schemaVersion":2,"ownerEmail":"t@example.com","timeoutSeconds":100,"timeoutPolicy":"TIME_OUT_WF","tasks":[
          {"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[
            [{"name":"a","taskReferenceName":"a","type":"SIMPLE","taskDefinition":{"name":"a","retryCount":1,"retryDelaySeconds":0,
              "responseTimeoutSeconds":30,"timeoutSeconds":60,"timeoutPolicy":"TIME_OUT_WF"}}],
            [{"name":"b","taskReferenceName":"b","type":"SIMPLE","optional":true}],
            [{"name":"wait","taskReferenceName":"wait","type":"WAIT","inputParameters":{"duration":"20 seconds"}}]]},
          {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["a","b","wait"]},
          {"name":"c","taskReferenceName":"c","type":"SIMPLE"}]}
        """;

    private static readonly string? Replay = Environment.GetEnvironmentVariable("FSCHECK_SEED");

    [Fact]
    public void The_table_allows_whatever_the_decider_decides_and_shows_it()
    {
        var seed = int.TryParse(Replay, out var given) ? given : new Random().Next();
        TestContext.Current.SendDiagnosticMessage($"FSCHECK_SEED={seed}");
        var seen = new HashSet<(string, string)>();
        var config = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay((ulong)seed, ((ulong)seed << 1) | 1);
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), value => PlayAsync(value ^ seed, seen).GetAwaiter().GetResult()).Check(config);
        foreach (var state in Enum.GetValues<WorkflowStatus>()) seen.ShouldContain(s => s.Item1 == state.ToString(), $"nothing was played in {state}");
    }

    private static async Task PlayAsync(int seed, HashSet<(string State, string Message)> seen)
    {
        var (random, time, id) = (new Random(seed), new FakeTimeProvider(), Guid.NewGuid());
        var snapshot = Snapshot.Embed(DefinitionJson.ReadWorkflow(System.Text.Json.JsonElement.Parse(Definition)), new Dictionary<string, TaskDefinition>());
        var execution = new OneExecution(WorkflowGraph.Compile(snapshot, "h"));
        await using var nowhere = Npgsql.NpgsqlDataSource.Create("Host=127.0.0.1;Port=1");
        await using var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time).AddSingleton<WorkflowEvents>()
            .AddSingleton<WorkflowDecisions>().AddSingleton<ScriptWaits>().AddSingleton<IScriptEvaluator>(_ => null!)
            .AddSingleton<IWorkflowCatalog>(execution).AddSingleton(execution)
            .AddSagaEvents<WorkflowSaga, WorkflowState, OneExecution>(o => o.DataSource = _ => nowhere).BuildServiceProvider();
        var events = services.GetRequiredService<WorkflowEvents>();
        var lifecycle = services.GetRequiredService<WorkflowSaga>();
        await events.RaiseAsync(id, new StartWorkflow { WorkflowId = id, Name = "w" }, _ => 0);
        for (var i = 0; i < 40; i++)
        {
            time.Advance(TimeSpan.FromSeconds(random.Next(8)));
            var before = execution.State!.CurrentState;
            seen.Add((before, await RaiseAsync(events, execution.State, random)));
            execution.State.CurrentState.ShouldBe(lifecycle.For(execution.State.Instance!.Status).Name);
        }
    }

    private static async Task<string> RaiseAsync(WorkflowEvents events, WorkflowState state, Random random)
    {
        var (id, tasks) = (state.CorrelationId, state.Session!.Context.Data.All!);
        var task = tasks[random.Next(tasks.Count)];
        var timeout = state.Instance!.TimeoutToken ?? Guid.Empty;
        Task Raise<T>(T message) where T : class => events.RaiseAsync(id, message, _ => 0);
        var outcome = random.Next(2) == 0 ? TaskOutcome.Completed : (TaskOutcome)random.Next(5);
        (string Name, Func<Task> Send)[] all =
        [
            ("result", () => Raise(new TaskExecuted { WorkflowId = id, TaskId = task.TaskId, Outcome = outcome })),
            ("lease", () => Raise(new ExtendTaskLease { WorkflowId = id, TaskId = task.TaskId })),
            ("take", () => Raise(new TakeTask(id, task.TaskId, "w"))), ("return", () => Raise(new ReturnTask(id, task.TaskId, task.PollCount))),
            ("deadlines", () => Raise(new DeadlinesPassed(id))), ("pause", () => Raise(new PauseWorkflow { WorkflowId = id })),
            ("timer", () => Raise(new WorkflowTimerElapsed(id, task.TaskId, task.TaskId, TimerPurpose.Wait))),
            ("timeout", () => Raise(new WorkflowTimerElapsed(id, timeout, TaskId: null, TimerPurpose.WorkflowTimeout))),
            ("resume", () => Raise(new ResumeWorkflow { WorkflowId = id })), ("terminate", () => Raise(new TerminateWorkflow { WorkflowId = id })),
            ("retry", () => Raise(new RetryWorkflow { WorkflowId = id })), ("restart", () => Raise(new RestartWorkflow { WorkflowId = id })),
            ("skip", () => Raise(new SkipTask { WorkflowId = id, ReferenceName = "c" })),
            ("start", () => Raise(new StartWorkflow { WorkflowId = id, Name = "w" })),
            ("poison", () => Raise(new ExecutionPoisoned(id, "on purpose", EvaluatesNothing: random.Next(2) == 0))),
        ];
        // Results come most often; what ends an execution, seldom.
        var (name, send) = random.Next(2) == 0 ? all[0] : all[random.Next(all.Length - (random.Next(4) == 0 ? 0 : 1))];
        await send();
        return name;
    }
}
