using Conductor.Pipelines.Topics;

namespace Conductor.Pipelines.Tests.Topics;

public sealed class TopicListingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Topics_of_all_brokers_are_listed_by_name()
    {
        var listing = await TopicListing.OfAsync([new BrokerInMemory("b"), new BrokerInMemory("a")], Cancel);
        listing.Topics.Select(t => (t.Topic.Name, t.Broker)).ShouldBe([("a.x", "a"), ("b.x", "b"), ("y", "a"), ("y", "b")]);
        listing.Unavailable.ShouldBeEmpty();
    }

    [Fact]
    public async Task Brokers_that_are_away_or_silent_are_named_with_the_reason_and_hide_no_others()
    {
        var listing = await TopicListing.OfAsync(
            [new BrokerInMemory("a") { Away = "connection refused" }, new BrokerInMemory("b"), new BrokerInMemory("c") { IsSilent = true }], Cancel);
        listing.Topics.Select(t => t.Broker).Distinct().ShouldBe(["b"]);
        listing.Unavailable.OrderBy(away => away.Key).Select(away => (away.Key, away.Value))
            .ShouldBe([("a", "connection refused"), ("c", "c did not answer within 5 s")]);
    }
}
