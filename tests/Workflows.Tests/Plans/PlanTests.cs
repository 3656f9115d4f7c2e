using Conductor.Engines;
using Npgsql;

namespace Conductor.Workflows.Tests.Plans;

/// <summary>No statement's cost grows with what has happened before.</summary>
[Integration]
public sealed class PlanTests(ManyExecutions many, ITestOutputHelper output)
{
    private const string Figures = "a figure for whoever scrapes, every 12 s at most: of what is open, never of what has ended";

    // What reads a table from its beginning to its end, by how it begins, and why it may.
    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["SELECT task_id, workflow_id, queue, workflow, priority, due, trace FROM workflows.task_queue"] =
            "all that waits is read once, when a server starts or another has gone",
        ["SELECT name, status, count(*) FROM (SELECT name, status FROM workflows.instances LIMIT 100000) o"] = Figures,
        ["SELECT queue, count(*), coalesce($1 - min(due) FILTER"] = Figures,
        ["SELECT count(*) FILTER (WHERE due > $1)"] = Figures,
        ["SELECT count(*) FILTER (WHERE wake_at > $1)"] = Figures,
        ["DELETE FROM workflows.inbox WHERE ctid"] =
            "a plan for any age takes a third of the rows to be old; for the age that is sent, the BRIN index passes over those that are not",
    };

    [Fact]
    public async Task No_statement_of_clients_workers_and_the_console_reads_or_sorts_a_whole_table()
    {
        var client = await many.ClientAsync();
        await new Traffic(client).AllAsync();
        var sent = await SentStatements.ReadAsync(many.Connections, connections: 30);
        Covers(sent);
        await using var source = NpgsqlDataSource.Create(many.Database);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var (faults, explained) = (new List<string>(), 0);
        foreach (var statement in sent.Where(s => Plan.Has(s.Sql) && !Allowed.Keys.Any(s.Sql.StartsWith)))
        {
            if (await Plan.OfAsync(connection, statement) is not { } plan) continue;
            explained++;
            faults.AddRange(plan.Faults.Select(fault => $"{fault}: {statement.Sql}"));
            if (plan.Faults.Count > 0 && faults.Count == plan.Faults.Count) output.WriteLine(plan.ToString());
        }
        output.WriteLine($"{explained} of {sent.Count} statements have a plan");
        explained.ShouldBeGreaterThan(100);
        string.Join("\n\n", faults).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("SELECT sum(next_event) FROM workflows.ended", "reads all of ended")]
    [InlineData("SELECT id FROM workflows.ended WHERE tenant = 1 ORDER BY updated_at LIMIT 10", "sorts ")]
    [InlineData("SELECT count(*) FROM workflows.ended WHERE tenant = 1 AND status = 'COMPLETED' AND created_at > '2020-01-01'", "reads ")]
    public async Task A_statement_that_does_is_found(string sql, string fault)
    {
        await many.ClientAsync();
        await using var source = NpgsqlDataSource.Create(many.Database);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var plan = await Plan.OfAsync(connection, new SentStatement(sql, []));
        plan!.Faults.ShouldContain(found => found.StartsWith(fault, StringComparison.Ordinal), plan.ToString());
    }

    // Else a change of how statements are sent could leave nothing to look at.
    private static void Covers(IReadOnlyCollection<SentStatement> sent)
    {
        foreach (var table in new[] { "instances", "ended", "tasks", "task_queue", "history", "idempotency_keys", "counted_tasks", "task_logs", "snapshots" })
            sent.ShouldContain(s => s.Sql.Contains("workflows." + table, StringComparison.Ordinal), table);
    }
}
