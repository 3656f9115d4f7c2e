using Conductor.Engines;
using Conductor.Fuzzing;

namespace Conductor.Workflows.Tests;

/// <summary>A short run of what <c>./bench fuzz</c> does at length.</summary>
[Integration]
public sealed class FuzzTests(WorkflowsServer server)
{
    [Fact]
    public async Task Whatever_is_sent_the_answer_is_never_a_failure_and_executions_go_on()
    {
        var seed = FuzzSeed.Choose();
        var client = await server.ClientAsync();
        var ids = new IdPool();
        var fuzzer = new Fuzzer(FuzzTargets.Workflows, client, seed, ids);
        var canary = new WorkflowCanary(client, ids);
        await canary.FlyAsync(TestContext.Current.CancellationToken);
        await fuzzer.RunAsync(FuzzSeed.Requests, TestContext.Current.CancellationToken);
        TestContext.Current.SendDiagnosticMessage(fuzzer.Summary());
        string.Join('\n', fuzzer.Failures.Take(20)).ShouldBeEmpty(fuzzer.Summary());
        await canary.FlyAsync(TestContext.Current.CancellationToken);
        (await canary.StuckAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty(fuzzer.Summary());
    }
}
