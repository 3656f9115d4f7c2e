using System.Diagnostics;
using System.Text.Json;
using Conductor.Engines;
using Conductor.Postgres.Workflows.Retention;
using Conductor.Workflows.Retention;

namespace Conductor.Workflows.Tests.Retention;

[Integration]
[Collection("retention")]
public sealed class ArchiveTests(WorkflowsServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_crash_between_the_archive_and_the_removal_loses_nothing_and_shows_nothing_twice()
    {
        var client = await server.ClientAsync();
        var ids = await client.EndAsync("crashed", 5);
        await server.AgeAsync("crashed", 31);
        await using (var removal = (await server.Part<EndedExecutions>().BeginAsync(Stop)).ShouldNotBeNull())
        {
            var due = await removal.DueAsync("crashed", DateTimeOffset.UtcNow.AddDays(-30), 3, [], Stop);
            (await server.Part<ExecutionArchive>().AppendAsync(removal, "crashed", due, Stop)).Count.ShouldBe(3);
        }
        (await client.StoredAsync(ids)).ShouldBe(ids);
        (await server.Retention().AllAsync()).ShouldBe(5);
        (await client.StoredAsync(ids)).ShouldBeEmpty();
        (await client.ExportedAsync("crashed")).ShouldBe(ids);
        foreach (var id in ids) (await client.ArchivedAsync(id)).GetProperty("workflowId").GetString().ShouldBe(id);
    }

    [Fact]
    public async Task An_execution_is_found_by_its_id_alone()
    {
        var client = await server.ClientAsync();
        var id = (await client.EndAsync("found_by_id", 1, retentionDays: 0)).Single();
        (await server.Retention().AllAsync()).ShouldBe(1);
        (await client.JsonAsync(HttpMethod.Get, $"/api/archive/{id}")).GetProperty("workflowName").GetString().ShouldBe("found_by_id");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_has_gone_on_since_it_was_archived_stays_and_the_archive_shows_its_last_end(bool hasEndedAgain)
    {
        var client = await server.ClientAsync();
        var name = $"reopened_{hasEndedAgain}";
        var id = (await client.EndAsync(name, 1)).Single();
        await server.AgeAsync(name, 31);
        await using (var removal = (await server.Part<EndedExecutions>().BeginAsync(Stop)).ShouldNotBeNull())
        {
            var due = await removal.DueAsync(name, DateTimeOffset.UtcNow.AddDays(-30), 10, [], Stop);
            await server.Part<ExecutionArchive>().AppendAsync(removal, name, due, Stop);
            await client.TextAsync(HttpMethod.Post, $"/api/workflow/{id}/restart");
            if (hasEndedAgain) await client.TextAsync(HttpMethod.Delete, $"/api/workflow/{id}?reason=enough");
            (await removal.CommitAsync(due, Stop)).Executions.ShouldBe(0);
        }
        (await client.ExecutionAsync(id)).GetProperty("status").GetString().ShouldBe(hasEndedAgain ? "TERMINATED" : "RUNNING");
        await client.TextAsync(HttpMethod.Delete, $"/api/workflow/{id}?reason=enough");
        await server.AgeAsync(name, 31);
        (await server.Retention().AllAsync()).ShouldBe(1);
        (await client.ArchivedAsync(id)).GetProperty("status").GetString().ShouldBe("TERMINATED");
    }

    [Fact]
    public async Task Only_one_server_removes_at_a_time()
    {
        var client = await server.ClientAsync();
        var ids = await client.EndAsync("in_turns", 2);
        await server.AgeAsync("in_turns", 31);
        await using (var removal = (await server.Part<EndedExecutions>().BeginAsync(Stop)).ShouldNotBeNull())
        {
            (await server.Part<EndedExecutions>().BeginAsync(Stop)).ShouldBeNull();
            (await server.Retention().RoundAsync(Stop)).ShouldBe(0);
        }
        (await client.StoredAsync(ids)).ShouldBe(ids);
        (await server.Retention().AllAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task An_execution_that_cannot_be_read_stays_and_holds_up_no_other()
    {
        var client = await server.ClientAsync();
        var ids = await client.EndAsync("damaged_end", 3);
        await server.AgeAsync("damaged_end", 31);
        await server.ExecuteAsync("UPDATE workflows.tasks SET output = '{' WHERE workflow_id = $1", Guid.Parse(ids[0]));
        (await server.Retention(batch: 1).AllAsync()).ShouldBe(0);
        (await server.Retention(batch: 1).AllAsync()).ShouldBe(2);
        (await client.StoredAsync(ids)).ShouldBe([ids[0]]);
        var retention = await client.JsonAsync(HttpMethod.Get, "/api/retention");
        retention.GetProperty("setAside").EnumerateArray().Select(id => id.GetString()).ShouldContain(ids[0]);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_keeps_its_executions_in_the_database_and_holds_up_no_other()
    {
        var client = await server.ClientAsync();
        var (kept, gone) = (await client.EndAsync("file_damaged", 2), await client.EndAsync("file_sound", 3));
        foreach (var name in new[] { "file_damaged", "file_sound" }) await server.AgeAsync(name, 50);
        (await server.Retention(batch: 1).RoundAsync(Stop)).ShouldBe(2);
        var index = Directory.GetFiles(server.Part<RetentionOptions>().Folder!, "file_damaged.idx", SearchOption.AllDirectories).Single();
        await File.AppendAllTextAsync(index, "damage\ndamage\n", Stop);
        var retention = server.Retention(batch: 1);
        (await retention.RoundAsync(Stop)).ShouldBe(1);
        await File.WriteAllTextAsync(index, (await File.ReadAllTextAsync(index, Stop)).Replace("damage\n", ""), Stop);
        (await retention.RoundAsync(Stop)).ShouldBe(1, "the others come first");
        (await Should.ThrowAsync<AggregateException>(() => retention.RoundAsync(Stop))).InnerException.ShouldBeOfType<InvalidDataException>();
        (await client.StoredAsync([.. kept, .. gone])).ShouldBe([kept[1]]);
        (await retention.RoundAsync(Stop)).ShouldBe(1);
        (await client.ExportedAsync("file_damaged")).ShouldBe(kept);
    }

    [Fact]
    public async Task Each_day_and_definition_has_a_file_that_zcat_reads()
    {
        var client = await server.ClientAsync();
        const string name = "two days, ..\\and odd name%2F";
        var ids = await client.EndAsync(name, 4);
        await server.AgeAsync(name, 40);
        var later = ids[2..].Select(Guid.Parse).ToArray();
        await server.ExecuteAsync("UPDATE workflows.ended SET ended_at = ended_at + interval '2 days' WHERE id = ANY($1)", later);
        (await server.Retention().RoundAsync(Stop)).ShouldBe(2);
        (await server.Retention().RoundAsync(Stop)).ShouldBe(2);
        var folder = server.Part<RetentionOptions>().Folder!;
        var files = Directory.GetFiles(folder, Uri.EscapeDataString(name) + ".jsonl.gz", SearchOption.AllDirectories).Order().ToList();
        files.Count.ShouldBe(2);
        Zcat(files[0]).Select(l => JsonElement.Parse(l).GetProperty("workflowId").GetString()).ShouldBe(ids[..2]);
        var list = await client.JsonAsync(HttpMethod.Get, "/api/archive?size=1000");
        var days = list.GetProperty("results").EnumerateArray().Where(d => d.GetProperty("workflowName").GetString() == name).ToList();
        days.Select(d => d.GetProperty("executions").GetInt32()).ShouldBe([2, 2]);
        days.Select(d => d.GetProperty("bytes").GetInt64()).ShouldBe([new FileInfo(files[1]).Length, new FileInfo(files[0]).Length]);
    }

    [Theory]
    [InlineData("/api/archive?size=1001", 400)]
    [InlineData("/api/archive?start=-1", 400)]
    [InlineData("/api/archive?size=0", 200)]
    [InlineData("/api/archive/0198c0de-0000-7000-8000-000000000000", 404)]
    [InlineData("/api/archive/0198c0de-0000-7000-8000-000000000000?day=today", 400)]
    [InlineData("/api/archive/export?day=2026-13-01&name=a", 400)]
    [InlineData("/api/archive/export?day=2026-01-01&name=nobody", 404)]
    [InlineData("/api/archive/export?day=2026-01-01&name=../../../etc/passwd", 404)]
    [InlineData("/api/archive/export?day=2026-01-01", 400)]
    public async Task Requests_are_checked(string path, int expected)
    {
        var client = await server.ClientAsync();
        var (status, text) = await client.TextAsync(HttpMethod.Get, path);
        status.ShouldBe(expected, text);
        if (expected != 200) JsonElement.Parse(text).GetProperty("status").GetInt32().ShouldBe(expected);
    }

    private static IEnumerable<string> Zcat(string file)
    {
        using var zcat = Process.Start(new ProcessStartInfo("zcat", [file]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var text = zcat.StandardOutput.ReadToEnd();
        zcat.WaitForExit();
        zcat.ExitCode.ShouldBe(0);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
