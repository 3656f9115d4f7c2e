using Conductor.AppHost.Composition;
using Conductor.AppHost.Supervision;

namespace Conductor.AppHost.Tests.Supervision;

public sealed class ProcessRecordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_process_is_noted_with_its_start_time_behind_the_id_of_the_boot_until_it_has_ended()
    {
        using var data = new DataFolder(_folder.Path);
        var record = new ProcessRecord(data);
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
        new ProcessRecord(data).Add(int.MaxValue, "gone");
        File.Exists(data.Processes).ShouldBeFalse();
    }

    public void Dispose() => _folder.Dispose();
}
