using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;
using FsCheck;
using FsCheck.Fluent;

namespace Conductor.Domain.Tests.Workflows;

/// <summary>What holds for every definition and whatever the workers do.</summary>
public sealed class DeciderProperties
{
    private static readonly string Replay = Environment.GetEnvironmentVariable("FSCHECK_SEED") ?? "";

    [Fact]
    public void Every_execution_ends_with_sound_rows_whatever_happens_to_it()
    {
        var ends = new Dictionary<WorkflowStatus, int>();
        Check(seed =>
        {
            var shell = Play(seed, verbs: true);
            Sound(shell);
            lock (ends) ends[shell.State!.Status] = ends.GetValueOrDefault(shell.State.Status) + 1;
        });
        TestContext.Current.SendDiagnosticMessage(string.Join(", ", ends.Select(pair => $"{pair.Key}: {pair.Value}")));
        ends.GetValueOrDefault(WorkflowStatus.Completed).ShouldBeInRange(100, 299, "random executions end in more than one way");
    }

    [Fact]
    public void The_same_commands_give_the_same_history_and_the_history_gives_the_state() => Check(seed =>
    {
        var (one, two) = (Play(seed, verbs: true), Play(seed, verbs: true));
        Text(one.History).ShouldBe(Text(two.History));
        WorkflowInstance? state = null;
        foreach (var fact in one.History) state = WorkflowDecider.Evolve(state, fact);
        JsonSerializer.Serialize(state, ExecutionJson.Options).ShouldBe(JsonSerializer.Serialize(one.State, ExecutionJson.Options));
    });

    [Fact]
    public void The_state_survives_the_store() => Check(seed =>
    {
        var json = JsonSerializer.Serialize(Play(seed, verbs: true, steps: 6).State, ExecutionJson.Options);
        JsonSerializer.Serialize(JsonSerializer.Deserialize<WorkflowInstance>(json, ExecutionJson.Options), ExecutionJson.Options).ShouldBe(json);
    });

    [Fact]
    public void What_a_decision_reads_is_nearly_always_foreseen()
    {
        var (loads, facts) = (0, 0);
        Check(seed =>
        {
            var shell = Play(seed, verbs: false);
            (loads, facts) = (loads + shell.Loads, facts + shell.History.Count);
        });
        loads.ShouldBeLessThan(facts / 50, "the graph tells what expressions read");
    }

    private static void Check(Action<int> property)
    {
        var seed = int.TryParse(Replay, out var given) ? given : new Random().Next();
        TestContext.Current.SendDiagnosticMessage($"FSCHECK_SEED={seed}");
        var config = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay((ulong)seed, ((ulong)seed << 1) | 1);
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), value => property(unchecked((value * 7919) ^ seed))).Check(config);
    }

    private static InMemoryShell Play(int seed, bool verbs, int steps = 400)
    {
        var random = new Random(seed);
        var json = new RandomWorkflows(random).Definition();
        var shell = new InMemoryShell(InMemoryShell.Compile(json), seed).Start(random.Next(2) == 0 ? """{"x":"b"}""" : """{"x":{"y":[1]}}""");
        var budget = verbs ? 6 : 0;
        for (var i = 0; i < steps && shell.State!.Status != WorkflowStatus.Completed; i++)
        {
            shell.Now = shell.Now.AddSeconds(random.Next(200));
            if (budget > 0 && random.Next(8) == 0) { budget--; Verb(shell, random); }
            else if (shell.State.Status.IsTerminal()) { if (budget-- <= 0) break; Verb(shell, random); }
            else if (!Step(shell, random)) Unblock(shell);
        }
        return shell;
    }

    private static bool Step(InMemoryShell shell, Random random)
    {
        var open = shell.Open.Where(task => task.TaskType != "JOIN").ToList();
        if (open.Count == 0) return false;
        var task = open[random.Next(open.Count)];
        if (shell.Timers.TryGetValue(task.TaskId, out var timer))
            shell.Send((now, id) => new FireTimer { Now = now, Seed = id, Token = timer.Token, Purpose = timer.Purpose, Task = task });
        else
            shell.Complete(task.ReferenceName, Result(random), """{"r":{"v":1.50}}""", "because");
        return true;
    }

    private static TaskResultStatus Result(Random random) => random.Next(12) switch
    {
        0 or 1 => TaskResultStatus.Failed,
        2 when random.Next(3) == 0 => TaskResultStatus.FailedWithTerminalError,
        3 when random.Next(6) == 0 => TaskResultStatus.Canceled,
        4 => TaskResultStatus.InProgress,
        _ => TaskResultStatus.Completed,
    };

    /// <summary>Only JOINs are open: resumed, or (a joined task was never reached) terminated.</summary>
    private static void Unblock(InMemoryShell shell)
    {
        if (shell.State!.Status == WorkflowStatus.Paused) shell.Send((now, id) => new ResumeExecution { Now = now, Seed = id });
        else shell.Send((now, id) => new TerminateExecution { Now = now, Seed = id });
    }

    private static void Verb(InMemoryShell shell, Random random) => shell.Send((now, id) => random.Next(6) switch
    {
        0 => new PauseExecution { Now = now, Seed = id },
        1 => new ResumeExecution { Now = now, Seed = id },
        2 => new RetryExecution { Now = now, Seed = id },
        3 => new RestartExecution { Now = now, Seed = id },
        4 => new SkipAhead { Now = now, Seed = id, ReferenceName = $"t{random.Next(1, 12)}" },
        _ => new TerminateExecution { Now = now, Seed = id },
    });

    private static void Sound(InMemoryShell shell)
    {
        var rows = shell.Tasks.Values.ToList();
        var scheduled = rows.Where(row => row.Status != WorkflowTaskStatus.Skipped).ToList();
        scheduled.Select(row => row.Seq).ShouldBeUnique();
        rows.Select(row => (row.ReferenceName, row.Attempt, row.Iteration)).ShouldBeUnique();
        foreach (var attempts in scheduled.GroupBy(row => row.ReferenceName))
            attempts.OrderBy(row => row.Seq).Select(row => row.Attempt).ShouldBe(Enumerable.Range(0, attempts.Count()));
        shell.State!.Status.IsTerminal().ShouldBeTrue(
            $"still {shell.State.Status} with {string.Join(", ", shell.Open.Select(task => task.ReferenceName))} open");
        shell.Open.ShouldBeEmpty();
        (shell.State.OpenTasks, shell.Timers.Count, shell.State.Joins.Count(join => join.Value.Waiting < 0)).ShouldBe((0, 0, 0));
    }

    private static string Text(IEnumerable<WorkflowEvent> history) =>
        string.Join('\n', history.Select(fact => $"{fact.GetType().Name} {JsonSerializer.Serialize(fact, fact.GetType(), ExecutionJson.Options)}"));
}
