using Conductor.Hosting.Logs;
using Conductor.Hosting.Supervision;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Conductor.AppHost.Tests.Supervision;

public sealed class WaitingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ResourceBoard _board = new();
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder(["--KAFKA_HOME", "/nowhere"]);
    private readonly IResourceBuilder<ExecutableResource> _other;
    private readonly ResourceLog _log;

    public WaitingTests()
    {
        _other = _builder.AddExecutable("other", "true", "/");
        _log = new ResourceLog("app", _folder.Path, new ConsoleLog(TextWriter.Null, colours: false, quiet: true), TimeProvider.System);
    }

    [Fact]
    public async Task WaitFor_ends_when_the_other_runs_and_is_healthy()
    {
        var waiting = WaitAsync(a => a.WaitFor(_other));
        Set(KnownResourceStates.Running, HealthStatus.Unhealthy);
        waiting.IsCompleted.ShouldBeFalse();
        Set(KnownResourceStates.Running, HealthStatus.Healthy);
        await waiting;
    }

    [Fact]
    public async Task WaitForStart_ends_when_the_other_runs()
    {
        var waiting = WaitAsync(a => a.WaitForStart(_other));
        Set(KnownResourceStates.Starting);
        waiting.IsCompleted.ShouldBeFalse();
        Set(KnownResourceStates.Running, HealthStatus.Unhealthy);
        await waiting;
    }

    [Fact]
    public async Task WaitForCompletion_ends_with_the_expected_code_and_fails_with_another()
    {
        var expected = WaitAsync(a => a.WaitForCompletion(_other, exitCode: 2));
        var other = WaitAsync(a => a.WaitForCompletion(_other));
        Set(KnownResourceStates.Running, HealthStatus.Healthy);
        expected.IsCompleted.ShouldBeFalse();
        Set(KnownResourceStates.Exited, exitCode: 2);
        await expected;
        (await Should.ThrowAsync<DistributedApplicationException>(other)).Message.ShouldBe("it waits for 'other', which is Exited with code 2");
    }

    [Fact]
    public async Task The_failure_of_the_other_is_a_failure_unless_the_wait_goes_on()
    {
        var fails = WaitAsync(a => a.WaitFor(_other));
        var goesOn = WaitAsync(a => a.WaitFor(_other, WaitBehavior.WaitOnResourceUnavailable));
        Set(KnownResourceStates.FailedToStart);
        await Should.ThrowAsync<DistributedApplicationException>(fails);
        goesOn.IsCompleted.ShouldBeFalse();
        Set(KnownResourceStates.Running, HealthStatus.Healthy);
        await goesOn;
    }

    [Fact]
    public async Task Nothing_waits_for_what_is_not_available_here()
    {
        var kafka = _builder.AddKafka("kafka");
        await WaitAsync(a => a.WaitFor(kafka));
        Waiting.Of(_builder.AddExecutable("b", "true", "/").WaitFor(kafka).Resource).ShouldBeEmpty();
    }

    [Fact]
    public void A_database_waits_for_its_server() =>
        Waiting.Of(_builder.AddPostgres("postgres").AddDatabase("db").Resource).ShouldHaveSingleItem().Resource.Name.ShouldBe("postgres");

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    private Task WaitAsync(Action<IResourceBuilder<ExecutableResource>> wait)
    {
        var app = _builder.CreateResourceBuilder(new ExecutableResource("app", "true", "/"));
        wait(app);
        return new Waiting(_board).ForAllAsync(app.Resource, _log, TestContext.Current.CancellationToken);
    }

    private void Set(string state, HealthStatus? health = null, int? exitCode = null) =>
        _board.Update("other", s => s with { State = state, Health = health, ExitCode = exitCode });
}
