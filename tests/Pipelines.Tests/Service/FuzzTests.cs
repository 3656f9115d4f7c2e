using Conductor.Engines;
using Conductor.Fuzzing;

namespace Conductor.Pipelines.Tests.Service;

/// <summary>A short run of what <c>./bench fuzz</c> does at length.</summary>
[Integration]
public sealed class FuzzTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    [Fact]
    public async Task Whatever_is_sent_the_answer_is_never_a_failure()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var fuzzer = new Fuzzer(FuzzTargets.Pipelines, service.Http, FuzzSeed.Choose(), new IdPool());
        await fuzzer.RunAsync(FuzzSeed.Requests, TestContext.Current.CancellationToken);
        TestContext.Current.SendDiagnosticMessage(fuzzer.Summary());
        string.Join('\n', fuzzer.Failures.Take(20)).ShouldBeEmpty($"{fuzzer.Summary()}\n{service.Output}");
        (await service.Http.GetAsync("/health", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
    }
}
