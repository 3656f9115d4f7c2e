using Conductor.AppHost.Supervision;

namespace Conductor.AppHost.Tests.Supervision;

public sealed class ProcessStatTests
{
    [Fact]
    public void A_name_with_blanks_and_parentheses_does_not_shift_the_fields()
    {
        var stat = ProcessStat.Parse("4711 (a) b (c) S 12 4711 4700 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 200 18446744073709551615");
        stat.ShouldBe(new ProcessStat(4711, 'S', 12, 987654));
    }

    [Fact]
    public void This_process_is_found_with_its_parent()
    {
        var stat = ProcessStat.Read(Environment.ProcessId).ShouldNotBeNull();
        stat.Id.ShouldBe(Environment.ProcessId);
        ProcessStat.All().ShouldContain(p => p.Id == stat.Parent);
    }

    [Fact]
    public void A_process_that_is_not_there_has_none() => ProcessStat.Read(int.MaxValue).ShouldBeNull();
}
