using System.Diagnostics;
using Conductor.Workflows.Answers;
using Conductor.Workflows.Executions;

namespace Conductor.Workflows.Tests.Executions;

public sealed class SearchQueryTests
{
    [Fact]
    public void Conditions_are_joined()
    {
        var filter = SearchQuery.Parse(
            "workflowType IN (a, 'b c') AND status=\"FAILED\" AND startTime>1000 AND version=2", freeText: "*", sort: "startTime:ASC");
        filter.Names.ShouldBe(["a", "b c"]);
        filter.Statuses.ShouldBe(["FAILED"]);
        filter.From.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1000));
        filter.Version.ShouldBe(2);
        filter.Text.ShouldBeNull();
        filter.OldestFirst.ShouldBeTrue();
    }

    [Theory]
    [InlineData("nonsense == ((")]
    [InlineData("taskType=x")]
    [InlineData("startTime>soon")]
    public void What_cannot_be_understood_is_refused_with_its_place(string query) =>
        Should.Throw<ConductorException>(() => SearchQuery.Parse(query, null, null)).Error.Message.ShouldStartWith("query: '");

    [Theory]
    [InlineData("x", "y")]
    [InlineData("workflowType", "=")]
    [InlineData("workflowType=", "=a")]
    public void Blanks_without_end_are_refused_in_no_time(string before, string after)
    {
        var watch = Stopwatch.StartNew();
        Should.Throw<ConductorException>(() => SearchQuery.Parse(before + new string(' ', 20_000) + after, null, null));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Nothing_asked_finds_everything() => SearchQuery.Parse(null, null, null).ShouldBe(new Postgres.Workflows.WorkflowFilter());
}
