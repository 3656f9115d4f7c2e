using Conductor.Console.Workflows;

namespace Conductor.Console.Tests.Workflows;

public sealed class FilterQueryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_empty_filter_asks_for_everything() => FilterQuery.Of(new(), Now).ShouldBe("");

    [Fact]
    public void Every_part_of_a_filter_is_a_term() =>
        FilterQuery.Of(new() { Name = "order", Status = "FAILED", CorrelationId = "A-1", Since = "1h" }, Now)
            .ShouldBe("workflowType=\"order\" AND status=\"FAILED\" AND correlationId=\"A-1\" AND startTime>1795251600000");

    [Fact]
    public void Who_looks_at_the_same_time_range_within_ten_seconds_asks_the_same() =>
        FilterQuery.Of(new() { Since = "15m" }, Now.AddSeconds(9.9)).ShouldBe(FilterQuery.Of(new() { Since = "15m" }, Now));

    [Fact]
    public void Exact_times_are_UTC_and_inclusive() =>
        FilterQuery.Of(new() { From = new(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc), To = new(2026, 11, 21, 10, 0, 0, DateTimeKind.Utc) }, Now)
            .ShouldBe("startTime>1795251599999 AND startTime<1795255200001");

    [Fact]
    public void A_value_with_quotes_goes_into_the_other_kind() =>
        FilterQuery.Of(new() { CorrelationId = "say \"hi\"" }, Now).ShouldBe("correlationId='say \"hi\"'");

    [Fact]
    public void What_cannot_be_asked_is_refused_with_the_reason()
    {
        FilterQuery.Complaint(new() { CorrelationId = "both \" and '" })!.ShouldContain("both kinds of quotes");
        FilterQuery.Complaint(new() { Since = "yesterday" })!.ShouldContain("15m, 1h, 24h, 7d");
        FilterQuery.Complaint(new() { From = Now.UtcDateTime, To = Now.UtcDateTime.AddDays(-1) })!.ShouldContain("ends before it begins");
        FilterQuery.Complaint(new() { Name = "it's" }).ShouldBeNull();
    }

    [Fact]
    public void The_address_of_a_filter_holds_all_of_it() =>
        new ListFilter { Status = "FAILED", Name = "a b", Text = "x&y", From = new(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc), After = "p=1" }.Url
            .ShouldBe("/workflows?status=FAILED&name=a%20b&text=x%26y&from=2026-11-21T09%3A00%3A00&after=p%3D1");
}
