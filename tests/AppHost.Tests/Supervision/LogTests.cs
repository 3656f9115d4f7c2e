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
    public void The_last_lines_are_bounded_and_in_order()
    {
        using var log = new ResourceLog(Path.Combine(_folder.Path, "orders.log"));
        for (var i = 0; i < 100; i++) log.Write("", $"{i}");
        log.Last().ShouldBe(Enumerable.Range(90, 10).Select(i => $"{i}"));
    }

    [Fact]
    public void A_file_that_cannot_be_written_loses_lines_and_says_how_many()
    {
        var path = Path.Combine(_folder.Path, "full", "a.log");
        File.WriteAllText(Path.Combine(_folder.Path, "full"), "a file where the folder should be");
        using var file = new BoundedFile(path);
        file.Write("one");
        file.Write("two");
        File.Delete(Path.Combine(_folder.Path, "full"));
        file.Write("three");
        File.ReadAllLines(path).ShouldBe(["(2 lines could not be written)", "three"]);
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
