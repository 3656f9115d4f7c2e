using Conductor.Hosting.Processes;

namespace Conductor.AppHost.Tests.Applications;

public sealed class ApplicationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_job_runs_first_and_what_waits_for_it_afterwards()
    {
        var builder = RunningApplication.Builder(_folder);
        var file = Path.Combine(_folder.Path, "order");
        var migrate = builder.AddExecutable("migrate", "sh", "/", "-c", $"sleep 0.2; echo migrate >> {file}");
        builder.AddExecutable("app", "sh", "/", "-c", $"echo app >> {file}; exec sleep 300").WaitForCompletion(migrate);
        await using var application = await RunningApplication.StartAsync(builder);
        var app = await application.WaitAsync("app", r => r.Health == "Healthy");
        app.WaitsFor.ShouldBe(["migrate"]);
        (await application.GetAsync("migrate")).State.ShouldBe("Finished");
        await Eventually.BeAsync(() => File.ReadAllLines(file).Length == 2, "both have written");
        File.ReadAllLines(file).ShouldBe(["migrate", "app"]);
    }

    [Fact]
    public async Task A_job_that_fails_keeps_what_waits_for_it_from_starting()
    {
        var builder = RunningApplication.Builder(_folder);
        var migrate = builder.AddExecutable("migrate", "sh", "/", "-c", "exit 4");
        builder.AddExecutable("app", "sleep", "/", "300").WaitForCompletion(migrate);
        await using var application = await RunningApplication.StartAsync(builder);
        var app = await application.WaitAsync("app", r => r.State == "FailedToStart");
        app.Pids.ShouldBeEmpty();
        (await application.GetAsync("migrate")).ExitCode.ShouldBe(4);
    }

    [Fact]
    public async Task A_crashed_process_comes_back_as_another_one()
    {
        var builder = RunningApplication.Builder(_folder);
        builder.AddExecutable("app", "sleep", "/", "300");
        await using var application = await RunningApplication.StartAsync(builder);
        var first = await application.WaitAsync("app", r => r.Health == "Healthy");
        Signals.Send(first.Pids.Single(), Signal.Kill).ShouldBeTrue();
        var second = await application.WaitAsync("app", r => r.Restarts == 1 && r.Health == "Healthy");
        second.Pids.Single().ShouldNotBe(first.Pids.Single());
        second.StartedAt!.Value.ShouldBeGreaterThan(first.StartedAt!.Value);
    }

    [Fact]
    public async Task Stopping_leaves_no_process_no_record_and_no_lock()
    {
        var builder = RunningApplication.Builder(_folder);
        builder.AddExecutable("app", "sh", "/", "-c", "sleep 300 & sleep 301 & wait");
        List<int> processes;
        await using (var application = await RunningApplication.StartAsync(builder))
        {
            var shell = (await application.WaitAsync("app", r => r.Health == "Healthy")).Pids.Single();
            processes = await Eventually.GetAsync(() => Task.FromResult(ProcessStat.All().Where(p => p.Session == shell).Select(p => p.Id).ToList()), p => p.Count == 3, "the shell has two children");
        }
        processes.ShouldAllBe(id => ProcessStat.Read(id) == null || ProcessStat.Read(id)!.State == 'Z');
        File.Exists(Path.Combine(_folder.Path, "processes")).ShouldBeFalse();
        File.Exists(Path.Combine(_folder.Path, "lock")).ShouldBeFalse();
    }

    [Fact]
    public async Task The_next_run_ends_what_a_killed_one_left_behind()
    {
        // What a killed run leaves: processes, and their record.
        using var orphan = System.Diagnostics.Process.Start("setsid", ["sleep", "300"]);
        await Eventually.BeAsync(() => ProcessStat.Read(orphan.Id)?.Session == orphan.Id, "it has a session");
        new ProcessRecord(Path.Combine(_folder.Path, "processes")).Add(orphan.Id, Signal.Terminate, "app");
        var builder = RunningApplication.Builder(_folder);
        builder.AddExecutable("app", "sleep", "/", "300");
        await using var application = await RunningApplication.StartAsync(builder);
        (ProcessStat.Read(orphan.Id) is { State: not 'Z' }).ShouldBeFalse();
        (await application.WaitAsync("app", r => r.Health == "Healthy")).Pids.ShouldNotContain(orphan.Id);
    }

    [Fact]
    public async Task Two_runs_cannot_share_a_data_folder()
    {
        await using var first = await RunningApplication.StartAsync(RunningApplication.Builder(_folder));
        var second = RunningApplication.Builder(_folder).Build();
        (await Should.ThrowAsync<DistributedApplicationException>(() => second.StartAsync(TestContext.Current.CancellationToken))).Message.ShouldContain("Another run uses");
        await second.DisposeAsync();
        File.Exists(Path.Combine(_folder.Path, "lock")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_port_that_another_program_has_is_named_before_anything_starts()
    {
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        var builder = RunningApplication.Builder(_folder);
        builder.AddExecutable("app", "sleep", "/", "300").WithHttpEndpoint(port: port);
        await using var application = builder.Build();
        var failure = await Should.ThrowAsync<DistributedApplicationException>(() => application.StartAsync(TestContext.Current.CancellationToken));
        failure.Message.ShouldContain($"{port} (app)");
        failure.Message.ShouldContain("--port-offset");
    }

    [Fact]
    public async Task Subscribers_are_told_before_the_start_and_may_add_variables()
    {
        var builder = RunningApplication.Builder(_folder);
        builder.Eventing.Subscribe<BeforeStartEvent>((e, _) =>
        {
            foreach (var resource in e.Model.Resources) resource.Annotations.Add(new EnvironmentCallbackAnnotation(c => c.EnvironmentVariables["REGION"] = "eu"));
            return Task.CompletedTask;
        });
        builder.AddExecutable("app", "sh", "/", "-c", "echo region=$REGION; exec sleep 300");
        await using var application = await RunningApplication.StartAsync(builder);
        var app = await application.WaitAsync("app", r => r.Health == "Healthy");
        app.Environment.ShouldContain(new SeenVariable("REGION", "eu", IsSecret: false));
    }

    public void Dispose() => _folder.Dispose();
}
