using Conductor.AppHost.Composition;
using Conductor.AppHost.Supervision;

namespace Conductor.AppHost.Tests.Supervision;

public sealed class LogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Lines_of_all_resources_are_merged_behind_their_names()
    {
        using var console = new StringWriter();
        var merged = new ConsoleLog(console, colours: false, quiet: false);
        merged.Write("orders", "one", isError: false);
        merged.Write("stock", "two", isError: true);
        console.ToString().Split('\n').ShouldBe(["orders     one", "stock      two", ""]);
    }

    [Fact]
    public void Each_name_has_a_colour_of_its_own()
    {
        using var console = new StringWriter();
        var merged = new ConsoleLog(console, colours: true, quiet: false);
        foreach (var name in new[] { "orders", "stock", "orders" }) merged.Write(name, "x", isError: false);
        var colours = console.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l[..l.IndexOf('m', StringComparison.Ordinal)]).ToList();
        colours[0].ShouldNotBe(colours[1]);
        colours[0].ShouldBe(colours[2]);
    }

    [Fact]
    public void The_last_lines_of_a_resource_are_bounded_in_order_and_without_colours()
    {
        using var logs = Logs();
        for (var i = 0; i < 100; i++) logs.Say("orders", $"\e[31m{i}\e[0m");
        logs.Say("stock", "other");
        logs.Last("orders", 3).Select(l => l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..]).ShouldBe(["HOS 97", "HOS 98", "HOS 99"]);
    }

    [Fact]
    public void A_full_file_gives_way_to_a_new_one_and_only_one_old_one_is_kept()
    {
        using (var logs = Logs())
        {
            for (var i = 0; i < 20; i++) logs.Say("orders", new string('x', 1_000_000));
            logs.Say("orders", "the last one");
        }
        var files = new DirectoryInfo(new DataFolder(_folder.Path).Logs).GetFiles();
        files.Length.ShouldBe(2);
        files.ShouldAllBe(f => f.Length < 6_100_000);
        Logs().Last("orders", 1).ShouldHaveSingleItem().ShouldEndWith("the last one");
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_no_failure()
    {
        File.WriteAllText(new DataFolder(_folder.Path).Logs, "a file where the folder should be");
        using var logs = Logs();
        Should.NotThrow(() => logs.Say("orders", "lost"));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{ not json", "{ not json")]
    [InlineData("""{"other":1}""", """{"other":1}""")]
    [InlineData("""{"LogLevel":"Information","Message":"started"}""", "started")]
    [InlineData("""{"LogLevel":"Error","Message":"broken"}""", "erro: broken")]
    public void A_JSON_line_is_shown_as_its_message(string line, string shown) => ConsoleLog.Readable(line).ShouldBe(shown);

    public void Dispose() => _folder.Dispose();

    private ResourceLogs Logs() => new(new DataFolder(_folder.Path), new ConsoleLog(TextWriter.Null, colours: false, quiet: true), new ResourceLoggerService());
}
