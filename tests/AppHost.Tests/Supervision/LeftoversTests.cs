using Conductor.AppHost.Supervision;
using System.Diagnostics;


namespace Conductor.AppHost.Tests.Supervision;

public sealed class LeftoversTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _started = [];

    [Fact]
    public async Task What_an_earlier_run_noted_is_ended_with_its_children()
    {
        var (shell, child) = await StartAsync("sleep 300 & echo $!; wait");
        var record = new ProcessRecord(Path.Combine(_folder.Path, "processes"));
        record.Add(shell, Signal.Terminate, "orders");
        var found = await EndAsync();
        found.ShouldBe(["orders"]);
        Lives(shell).ShouldBeFalse();
        Lives(child).ShouldBeFalse();
    }

    [Fact]
    public async Task Children_are_ended_also_when_their_parent_is_gone()
    {
        var (shell, child) = await StartAsync("sleep 300 & echo $!; wait");
        new ProcessRecord(Path.Combine(_folder.Path, "processes")).Add(shell, Signal.Terminate, "orders");
        Signals.Send(shell, Signal.Kill).ShouldBeTrue();
        await Eventually.BeAsync(() => !Lives(shell), "the parent has ended");
        Lives(child).ShouldBeTrue();
        await EndAsync();
        Lives(child).ShouldBeFalse();
    }

    [Fact]
    public async Task A_process_that_got_the_id_of_an_earlier_one_is_left_alone()
    {
        var (shell, _) = await StartAsync("echo 0; exec sleep 300");
        var recorded = new RecordedProcess(shell, ProcessStat.Read(shell)!.StartTime - 1, Signal.Terminate, "orders");
        (await Leftovers.EndAsync([recorded], TimeProvider.System, TestContext.Current.CancellationToken)).ShouldBeEmpty();
        Lives(shell).ShouldBeTrue();
    }

    [Fact]
    public async Task One_that_does_not_heed_the_signal_is_killed_after_a_while()
    {
        var (shell, _) = await StartAsync("trap '' TERM; echo 0; while true; do sleep 0.1; done");
        var time = new ManualTime();
        var recorded = new RecordedProcess(shell, ProcessStat.Read(shell)!.StartTime, Signal.Terminate, "orders");
        var ending = Leftovers.EndAsync([recorded], time, TestContext.Current.CancellationToken);
        await Eventually.BeAsync(() => time.NextDue is not null, "it is given time");
        Lives(shell).ShouldBeTrue();
        while (!ending.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        (await ending).ShouldBe(["orders"]);
        await Eventually.BeAsync(() => !Lives(shell), "it was killed");
    }

    [Fact]
    public void A_record_of_another_boot_of_the_machine_names_nothing()
    {
        var file = Path.Combine(_folder.Path, "processes");
        File.WriteAllLines(file, ["00000000-0000-0000-0000-000000000000", $"{Environment.ProcessId} 1 Terminate orders"]);
        new ProcessRecord(file).Read().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_has_ended_is_no_longer_noted()
    {
        var (shell, _) = await StartAsync("echo 0; exec sleep 300");
        var file = Path.Combine(_folder.Path, "processes");
        var record = new ProcessRecord(file);
        record.Add(shell, Signal.Interrupt, "database server");
        new ProcessRecord(file).Read().ShouldBe([new RecordedProcess(shell, ProcessStat.Read(shell)!.StartTime, Signal.Interrupt, "database server")]);
        record.Remove(shell);
        new ProcessRecord(file).Read().ShouldBeEmpty();
    }

    public void Dispose()
    {
        foreach (var process in _started)
        {
            Signals.Send(-process.Id, Signal.Kill);
            process.Dispose();
        }
        _folder.Dispose();
    }

    private Task<IReadOnlyList<string>> EndAsync() => Leftovers.EndAsync(
        new ProcessRecord(Path.Combine(_folder.Path, "processes")).Read(), TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Starts a script in a session of its own; returns its id and the number that it prints first.</summary>
    private async Task<(int Shell, int Printed)> StartAsync(string script)
    {
        var process = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", script]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        _started.Add(process);
        var printed = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return (process.Id, int.Parse(printed!, System.Globalization.CultureInfo.InvariantCulture));
    }

    private static bool Lives(int id) => ProcessStat.Read(id) is { State: not 'Z' };
}
