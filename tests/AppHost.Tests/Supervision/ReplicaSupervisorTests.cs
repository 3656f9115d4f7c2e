using Conductor.Hosting.Logs;
using Conductor.Hosting.Supervision;

namespace Conductor.AppHost.Tests.Supervision;

public sealed class ReplicaSupervisorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly ScriptedInstances _instances = new();
    private readonly ResourceLog _log;
    private readonly CancellationTokenSource _stopping = new();

    public ReplicaSupervisorTests() => _log = new ResourceLog("orders", _folder.Path, new ConsoleLog(TextWriter.Null, colours: false, quiet: true), _time);

    [Fact]
    public async Task A_crashed_process_is_started_again_later_and_later_until_it_is_given_up()
    {
        var supervisor = Supervisor();
        var run = supervisor.RunAsync(restartable: true, mayFinish: true, () => { }, _stopping.Token);
        foreach (var delay in new[] { 0.5, 1, 2, 4, 8 })
        {
            _instances.Last.End(3);
            await Eventually.BeAsync(() => _time.NextDue == TimeSpan.FromSeconds(delay), $"it waits {delay} s");
            var launched = _instances.Launched;
            _time.Advance(TimeSpan.FromSeconds(delay) - TimeSpan.FromTicks(1));
            _instances.Launched.ShouldBe(launched);
            _time.Advance(TimeSpan.FromTicks(1));
            await Eventually.BeAsync(() => _instances.Launched == launched + 1, "it is started again");
        }
        _instances.Last.End(3);
        (await run).ShouldBe(ReplicaEnd.Failed);
        supervisor.ExitCode.ShouldBe(3);
        supervisor.Restarts.ShouldBe(5);
        _log.Tail(10).ShouldContain(l => l.Line == "ended with code 3");
    }

    [Fact]
    public async Task One_that_cannot_be_launched_counts_as_a_failure_with_its_reason_in_the_log()
    {
        _instances.Refusal = new InvalidOperationException("no such program");
        var run = Supervisor().RunAsync(restartable: false, mayFinish: true, () => { }, _stopping.Token);
        (await run).ShouldBe(ReplicaEnd.Failed);
        _log.Tail(10).ShouldContain(l => l.Line.Contains("no such program", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Code_0_is_an_end_for_a_job_and_a_failure_for_a_server()
    {
        var job = Supervisor().RunAsync(restartable: true, mayFinish: true, () => { }, _stopping.Token);
        _instances.Last.End(0);
        (await job).ShouldBe(ReplicaEnd.Finished);

        var server = Supervisor().RunAsync(restartable: false, mayFinish: false, () => { }, _stopping.Token);
        _instances.Last.End(0);
        (await server).ShouldBe(ReplicaEnd.Failed);
    }

    [Fact]
    public async Task Stopping_stops_the_instance_and_starts_no_other()
    {
        var run = Supervisor().RunAsync(restartable: true, mayFinish: true, () => { }, _stopping.Token);
        await _stopping.CancelAsync();
        (await run).ShouldBe(ReplicaEnd.Stopped);
        _instances.Last.WasStopped.ShouldBeTrue();
        _instances.Launched.ShouldBe(1);
    }

    [Fact]
    public async Task Stopping_ends_the_wait_for_the_next_start()
    {
        var run = Supervisor().RunAsync(restartable: true, mayFinish: true, () => { }, _stopping.Token);
        _instances.Last.End(1);
        await Eventually.BeAsync(() => _time.NextDue is not null, "it waits");
        await _stopping.CancelAsync();
        (await run).ShouldBe(ReplicaEnd.Stopped);
        _instances.Launched.ShouldBe(1);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    private ReplicaSupervisor Supervisor() => new(_instances, 0, _log, _time);
}
