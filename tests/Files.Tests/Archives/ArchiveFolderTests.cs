using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Conductor.Files.Archives;

namespace Conductor.Files.Tests.Archives;

public sealed class ArchiveFolderTests : IDisposable
{
    private static readonly DateOnly Day = new(2026, 3, 1);
    private readonly TemporaryFolder _folder = new();
    private readonly ArchiveFolder _archive;

    public ArchiveFolderTests() => _archive = new ArchiveFolder(_folder["archive"]);

    public void Dispose() => _folder.Dispose();

    private string Data => _folder["archive/2026-03-01/orders.jsonl.gz"];

    private string Index => _folder["archive/2026-03-01/orders.idx"];

    [Fact]
    public void Zcat_reads_what_several_appends_have_added()
    {
        Append(Day, "orders", ("one", 1), ("two", 2));
        Append(Day, "orders", ("three", 3));
        Zcat().ShouldBe("""
            {"v":1}
            {"v":2}
            {"v":3}

            """);
        Read().ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_line_stays_one_line_and_its_texts_stay_as_they_are()
    {
        using (var lines = new ArchivedLines())
        {
            lines.Add(Guid.NewGuid(), "{\r\n  \"v\": \"a\\nb\"\n}"u8);
            _archive.Append(Day, "orders", lines);
        }
        var line = Encoding.UTF8.GetString(_archive.Lines(Day, "orders").ShouldHaveSingleItem().Span);
        line.IndexOf('\n').ShouldBe(line.Length - 1);
        JsonElement.Parse(line).GetProperty("v").GetString().ShouldBe("a\nb");
    }

    [Fact]
    public void A_line_is_found_by_its_id_and_the_last_one_of_an_id_counts()
    {
        Append(Day, "orders", ("one", 1), ("two", 2));
        Append(Day, "others", ("three", 3));
        Append(Day, "orders", ("two", 22), ("four", 4));
        (Find("one"), Find("two"), Find("three"), Find("five")).ShouldBe((1, 22, 3, null));
        Read().ShouldBe([1, 22, 4]);
        Append(Day.AddDays(1), "orders", ("one", 11));
        Find("one").ShouldBe(11);
        _archive.Find(Id("three"), since: Day.AddDays(1)).ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void What_a_crash_left_of_a_member_is_not_read_and_does_not_spoil_what_comes_after_it(int bytes)
    {
        Append(Day, "orders", ("one", 1));
        using (var data = File.OpenWrite(Data))
        {
            data.Position = data.Length;
            data.Write(Enumerable.Repeat((byte)0x1f, bytes).ToArray());
        }
        Read().ShouldBe([1]);
        Append(Day, "orders", ("two", 2));
        Read().ShouldBe([1, 2]);
        Zcat().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("{\"name\":\"orders\",\"off")]
    [InlineData("\0\0\0\0\0\0\n")]
    [InlineData("{\"name\":\"a long name a long name a long name a long name a long name a long name a long name a long name a long name a long name")]
    public void A_torn_line_of_the_index_does_not_count_and_goes_with_the_next_append(string torn)
    {
        Append(Day, "orders", ("one", 1));
        File.AppendAllText(Index, torn);
        Read().ShouldBe([1]);
        _archive.List(0, 10).Page.ShouldBe([new ArchivedDay(Day, "orders", 1, new FileInfo(Data).Length)]);
        Append(Day, "orders", ("two", 2));
        Read().ShouldBe([1, 2]);
        File.ReadAllLines(Index).Length.ShouldBe(2);
    }

    [Fact]
    public void A_file_whose_index_is_gone_is_set_aside_and_not_cut()
    {
        Append(Day, "orders", ("one", 1));
        var before = File.ReadAllBytes(Data);
        File.Delete(Index);
        Append(Day, "orders", ("two", 2));
        Read().ShouldBe([2]);
        File.ReadAllBytes(Data + ".unindexed.1").ShouldBe(before);
    }

    [Fact]
    public void A_file_that_is_shorter_than_its_index_says_and_an_index_that_is_damaged_are_refused()
    {
        Append(Day, "orders", ("one", 1));
        var data = File.ReadAllBytes(Data);
        File.WriteAllBytes(Data, data[..^1]);
        Should.Throw<InvalidDataException>(() => Append(Day, "orders", ("two", 2))).Message.ShouldContain("orders.jsonl.gz");
        File.WriteAllBytes(Data, data);
        File.AppendAllText(Index, "damage\ndamage\n");
        Should.Throw<InvalidDataException>(() => Append(Day, "orders", ("two", 2))).Message.ShouldContain("orders.idx");
        File.ReadAllBytes(Data).ShouldBe(data);
    }

    [Theory]
    [InlineData("../../escaped")]
    [InlineData("..")]
    [InlineData("/etc/escaped")]
    [InlineData("a\\..\\..\\b")]
    [InlineData("\u00e4 \u65e5\u672c")]
    public void No_name_leads_out_of_the_folder(string name)
    {
        Append(Day, name, ("one", 1));
        Directory.EnumerateFileSystemEntries(_folder.Path).ShouldBe([_folder["archive"]]);
        Directory.EnumerateFiles(_folder["archive/2026-03-01"]).Count().ShouldBe(2);
        _archive.List(0, 10).Page.ShouldHaveSingleItem().Name.ShouldBe(name);
        _archive.Lines(Day, name).Count().ShouldBe(1);
        Find("one").ShouldBe(1);
    }

    [Fact]
    public void Long_names_that_begin_alike_have_files_of_their_own()
    {
        var names = new[] { new string('\u65e5', 254) + "a", new string('\u65e5', 254) + "b" };
        foreach (var name in names) Append(Day, name, (name, 1));
        _archive.List(0, 10).Page.Select(d => d.Name).ShouldBe(names, ignoreOrder: true);
        _archive.Holds(Day, names[0]).ShouldBeTrue();
        _archive.Holds(Day, "nobody").ShouldBeFalse();
    }

    [Fact]
    public void Pages_of_the_list_begin_with_the_newest_day()
    {
        _archive.List(0, 10).Total.ShouldBe(0);
        for (var i = 0; i < 5; i++) Append(Day.AddDays(i), "orders", ("one", 1));
        var (total, page) = _archive.List(1, 2);
        total.ShouldBe(5);
        page.Select(d => d.Day).ShouldBe([Day.AddDays(3), Day.AddDays(2)]);
    }

    [Fact]
    public void Whoever_finds_another_process_writing_changes_nothing()
    {
        Append(Day, "orders", ("one", 1));
        using (LockFile.TryTake(_folder["archive/.lock"]).ShouldNotBeNull())
            Should.Throw<IOException>(() => Append(Day, "orders", ("two", 2))).Message.ShouldContain("another process");
        Read().ShouldBe([1]);
    }

    [Fact]
    public void A_tail_of_many_long_lines_is_found()
    {
        for (var i = 0; i < 3; i++)
        {
            using var lines = new ArchivedLines();
            for (var n = 0; n < 5000; n++) lines.Add(Id($"{i}.{n}"), Encoding.UTF8.GetBytes($$"""{"v":{{n}}}"""));
            _archive.Append(Day, "orders", lines);
        }
        _archive.List(0, 10).Page.ShouldHaveSingleItem().Lines.ShouldBe(15_000);
        Find("1.4999").ShouldBe(4999);
        Read().Count.ShouldBe(15_000);
    }

    private void Append(DateOnly day, string name, params (string Id, int Value)[] values)
    {
        using var lines = new ArchivedLines();
        foreach (var (id, value) in values) lines.Add(Id(id), Encoding.UTF8.GetBytes($$"""{"v":{{value}}}"""));
        _archive.Append(day, name, lines);
    }

    private int? Find(string id) => _archive.Find(Id(id), DateOnly.MinValue) is { } line ? Value(line) : null;

    private List<int> Read() => [.. _archive.Lines(Day, "orders").Select(Value)];

    private string Zcat()
    {
        using var zcat = Process.Start(new ProcessStartInfo("zcat", [Data]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var text = zcat.StandardOutput.ReadToEnd();
        zcat.WaitForExit();
        zcat.ExitCode.ShouldBe(0);
        return text;
    }

    private static int Value(ReadOnlyMemory<byte> line) => JsonElement.Parse(Encoding.UTF8.GetString(line.Span)).GetProperty("v").GetInt32();

    private static Guid Id(string name) => new(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(name))[..16]);
}
