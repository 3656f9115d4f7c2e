using Conductor.AppHost.Composition;
using Conductor.AppHost.Supervision;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.AppHost.Tests.Supervision;

public sealed class ProcessRecordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_process_is_noted_with_its_start_time_behind_the_id_of_the_boot_until_it_has_ended()
    {
        using var data = new DataFolder(_folder.Path);
        var record = new ProcessRecord(data, _time);
        record.Add(Environment.ProcessId, "database server");
        File.ReadAllLines(data.Processes).ShouldBe([
            File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(),
            $"{Environment.ProcessId} {ProcessStat.Read(Environment.ProcessId)!.StartTime} database server"]);
        record.Remove(Environment.ProcessId);
        File.ReadAllLines(data.Processes).Length.ShouldBe(1);
    }

    [Fact]
    public void One_that_is_gone_already_is_not_noted()
    {
        using var data = new DataFolder(_folder.Path);
        new ProcessRecord(data, _time).Add(int.MaxValue, "gone");
        File.Exists(data.Processes).ShouldBeFalse();
    }

    [Fact]
    public void What_a_full_disk_does_not_take_is_noted_when_there_is_space_again()
    {
        // A folder that is not there takes no file either.
        using var data = new DataFolder(_folder["later"]);
        var record = new ProcessRecord(data, _time);
        record.Add(Environment.ProcessId, "database server");
        File.Exists(data.Processes).ShouldBeFalse();
        Directory.CreateDirectory(data.Root);
        _time.Advance(TimeSpan.FromSeconds(5));
        File.ReadAllLines(data.Processes)[1].ShouldEndWith(" database server");
    }

    public void Dispose() => _folder.Dispose();
}
