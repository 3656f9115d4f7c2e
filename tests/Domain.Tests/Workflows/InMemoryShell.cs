using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Tests.Workflows;

/// <summary>The loop around the decider, over dictionaries: decide, load what is missing, decide again, store what the events say.</summary>
internal sealed class InMemoryShell
{
    private readonly WorkflowGraph _graph;

    public WorkflowGraph Graph => _graph;
    private readonly IPathQuery _paths;
    private readonly IScriptEvaluator _scripts;
    private readonly Random _random;

    public InMemoryShell(WorkflowGraph graph, int seed = 1, IPathQuery? paths = null, IScriptEvaluator? scripts = null) =>
        (_graph, _random, _paths, _scripts) = (graph, new(seed), paths ?? new NoQueries(), scripts ?? new NoScripts());

    public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
    public Guid WorkflowId { get; } = Guid.Parse("0199f5d0-0000-7000-8000-000000000001");
    public WorkflowInstance? State { get; private set; }
    public Dictionary<Guid, TaskRecord> Tasks { get; } = [];
    public Dictionary<Guid, TaskScheduled> Scheduled { get; } = [];
    public Dictionary<Guid, TimerStarted> Timers { get; } = [];
    public List<WorkflowEvent> History { get; } = [];
    public JsonElement Input { get; private set; }
    public JsonElement Output { get; private set; }
    public int Loads { get; private set; }
    public int Evaluations { get; private set; }

    public IEnumerable<TaskRecord> Open => Tasks.Values.Where(task => !task.Status.IsTerminal()).OrderBy(task => task.ReferenceName, StringComparer.Ordinal);

    public TaskRecord Latest(string reference) => Tasks.Values.Where(task => task.ReferenceName == reference).MaxBy(task => task.Seq)!;

    public static WorkflowGraph Compile(string json, IReadOnlyDictionary<string, TaskDefinition>? tasks = null)
    {
        var definition = DefinitionJson.ReadWorkflow(JsonDocument.Parse(json).RootElement);
        DefinitionRules.Check(definition).ShouldBeEmpty();
        return WorkflowGraph.Compile(Snapshot.Embed(definition, tasks ?? new Dictionary<string, TaskDefinition>()));
    }

    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement.Clone();

    public InMemoryShell Start(string input = "{}", IReadOnlyDictionary<string, string>? domains = null)
    {
        Handle(new StartExecution { Now = Now, Seed = Seed(), WorkflowId = WorkflowId, Input = Json(input), TaskToDomain = domains })
            .ShouldBeOfType<Decision.Made>();
        return this;
    }

    public TaskRecord Poll(string reference)
    {
        var task = Latest(reference);
        task.Status.ShouldBe(WorkflowTaskStatus.Scheduled);
        Send((now, seed) => new HandOutTask { Now = now, Seed = seed, Task = task, WorkerId = "worker" }).ShouldBeOfType<Decision.Made>();
        return Tasks[task.TaskId];
    }

    public Decision Complete(
        string reference, TaskResultStatus status = TaskResultStatus.Completed, string output = "{}", string? reason = null, bool extendLease = false,
        long callback = 0) =>
        Handle(new CompleteTask
        {
            Now = Now, Seed = Seed(), Task = Latest(reference), Status = status, Output = Json(output), Reason = reason, WorkerId = "worker",
            ExtendLease = extendLease, CallbackAfterSeconds = callback
        });

    public Decision Send(Func<DateTimeOffset, Guid, WorkflowCommand> command) => Handle(command(Now, Seed()));

    public Guid Seed()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new(bytes);
    }

    public Decision Handle(WorkflowCommand command)
    {
        var data = new WorkflowData();
        var context = new WorkflowContext(_graph, data, _paths);
        Load(data, WorkflowDecider.Needs(State, command, _graph));
        for (var tries = 0; tries < 50; tries++)
        {
            var decision = WorkflowDecider.Decide(State, command, context);
            if (decision is Decision.Missing missing)
            {
                missing.Request.IsEmpty.ShouldBeFalse();
                Loads++;
                Load(data, missing.Request);
                continue;
            }
            if (decision is Decision.Unevaluated unevaluated)
            {
                Evaluations += unevaluated.Calls.Count;
                foreach (var call in unevaluated.Calls)
                    context.Scripts.Add(call, _scripts.EvaluateAsync(_graph.Definition.Name!, call).GetAwaiter().GetResult());
                continue;
            }
            if (decision is Decision.Made made) Store(made);
            return decision;
        }
        throw new InvalidOperationException("The decider asks for data without end.");
    }

    private void Load(WorkflowData data, DataRequest request)
    {
        if (request.WorkflowInput) data.WithInput(Input);
        if (request.AllTasks) data.WithAllTasks(Tasks.Values);
        foreach (var name in request.Tasks) data.WithTask(name, Tasks.Values.Where(task => task.NodeReference == name).MaxBy(task => task.Seq));
    }

    private void Store(Decision.Made made)
    {
        foreach (var fact in made.Events)
        {
            History.Add(fact);
            State = WorkflowDecider.Evolve(State, fact);
            Persist(fact);
        }
        JsonSerializer.Serialize(State, ExecutionJson.Options).ShouldBe(JsonSerializer.Serialize(made.State, ExecutionJson.Options));
    }

    private void Persist(WorkflowEvent fact)
    {
        switch (fact)
        {
            case TaskEvent task:
                if (task is TaskScheduled scheduled)
                {
                    Tasks.ContainsKey(task.Task.TaskId).ShouldBeFalse();
                    Scheduled[task.Task.TaskId] = scheduled;
                }
                Tasks[task.Task.TaskId] = task.Task;
                break;
            case OpenTasksCanceled canceled:
                var open = Open.ToList();
                open.Count.ShouldBe(canceled.Count);
                foreach (var row in open) Tasks[row.TaskId] = row with { Status = WorkflowTaskStatus.Canceled, EndTime = fact.At };
                break;
            case TimerStarted timer: Timers[timer.Token] = timer; break;
            case TimerCanceled timer: Timers.Remove(timer.Token); break;
            case WorkflowStarted started: Input = started.Input; break;
            case WorkflowRestarted: Tasks.Clear(); Timers.Clear(); break;
            case ExecutionEnded ended: Output = ended.Output; Timers.Clear(); break;
        }
    }

    private sealed class NoQueries : IPathQuery
    {
        public JsonElement? Select(JsonElement root, string path, PathWork work) =>
            throw new InvalidOperationException($"{path} is a plain path.");
    }

    private sealed class NoScripts : IScriptEvaluator
    {
        public Task<ScriptResult> EvaluateAsync(string owner, ScriptCall call) => throw new InvalidOperationException("No script is expected.");
        public Task<string?> CheckAsync(string owner, string script) => throw new InvalidOperationException("No script is expected.");
    }
}
