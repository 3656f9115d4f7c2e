using Conductor.Hosting.Logs;

namespace Conductor.AppHost.Tests.Logs;

public sealed class LogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Lines_of_all_resources_are_merged_behind_their_names()
    {
        using var console = new StringWriter();
        var merged = new ConsoleLog(console, colours: false, quiet: false);
        using var orders = new ResourceLog("orders", _folder.Path, merged, new ManualTime());
        using var stock = new ResourceLog("stock", _folder.Path, merged, new ManualTime());
        orders.Write(LogStream.Output, "one");
        stock.Write(LogStream.Error, "\e[31mtwo\e[0m");
        console.ToString().Split('\n').ShouldBe(["orders     one", "stock      two", ""]);
        stock.Tail(1).ShouldHaveSingleItem().Line.ShouldBe("two");
    }

    [Fact]
    public void Each_name_has_a_colour_of_its_own()
    {
        using var console = new StringWriter();
        var merged = new ConsoleLog(console, colours: true, quiet: false);
        foreach (var name in new[] { "orders", "stock", "orders" }) merged.Write(name, new LogLine(default, LogStream.Output, "x"));
        var colours = console.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l[..l.IndexOf('m', StringComparison.Ordinal)]).ToList();
        colours[0].ShouldNotBe(colours[1]);
        colours[0].ShouldBe(colours[2]);
    }

    [Fact]
    public void The_tail_is_bounded_and_in_order()
    {
        using var log = new ResourceLog("orders", _folder.Path, new ConsoleLog(TextWriter.Null, colours: false, quiet: true), new ManualTime());
        for (var i = 0; i < 2100; i++) log.Write(LogStream.Output, $"{i}");
        log.Tail(3).Select(l => l.Line).ShouldBe(["2097", "2098", "2099"]);
        log.Tail(5000).Count.ShouldBe(2000);
    }

    [Fact]
    public void A_full_file_gives_way_to_a_new_one_and_only_one_old_one_is_kept()
    {
        var path = Path.Combine(_folder.Path, "a.log");
        using (var file = new BoundedFile(path, limit: 100))
        {
            for (var i = 0; i < 30; i++) file.Write($"line {i:00}, ten more characters");
        }
        Directory.GetFiles(_folder.Path).Length.ShouldBe(2);
        new FileInfo(path + ".1").Length.ShouldBeLessThan(140);
        (File.ReadAllText(path + ".1") + File.ReadAllText(path)).ShouldContain("line 29");
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{ not json", "{ not json")]
    [InlineData("""{"other":1}""", """{"other":1}""")]
    [InlineData("""{"LogLevel":"Information","Message":"started"}""", "started")]
    [InlineData("""{"LogLevel":"Error","Message":"broken"}""", "erro: broken")]
    public void A_JSON_line_is_shown_as_its_message(string line, string shown) => JsonLine.Render(line).ShouldBe(shown);

    public void Dispose() => _folder.Dispose();
}
