using Conductor.Domain.Streams.Brokers;
using Conductor.Pipelines.Topics;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Pipelines.Tests.Topics;

public sealed class TopicMeasurementsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly BrokerInMemory _broker = new("a");
    private readonly TopicMeasurements _measurements;

    public TopicMeasurementsTests() => _measurements = new(_time);

    [Fact]
    public async Task All_who_ask_within_seconds_share_one_measurement_and_who_asks_later_has_another()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => GetAsync()));
        _broker.Asked.ShouldBe(1);
        answers.ShouldAllBe(answer => answer.At == _time.GetUtcNow() && answer.Groups[0].Members == 2);
        _time.Advance(TopicMeasurements.Freshness + TimeSpan.FromMilliseconds(1));
        (await GetAsync()).At.ShouldBe(_time.GetUtcNow());
        _broker.Asked.ShouldBe(2);
    }

    [Fact]
    public async Task Topics_have_measurements_of_their_own()
    {
        await GetAsync();
        await GetAsync("other");
        _broker.Asked.ShouldBe(2);
    }

    [Fact]
    public async Task A_failure_is_told_and_not_kept()
    {
        _broker.Away = "connection refused";
        (await Should.ThrowAsync<StreamUnavailableException>(() => GetAsync())).Message.ShouldBe("connection refused");
        _broker.Away = null;
        (await GetAsync()).Ranges.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_asked_first_may_go_while_the_others_wait()
    {
        using var gone = new CancellationTokenSource();
        _broker.IsSilent = true;
        var first = _measurements.GetAsync(_broker, "t", gone.Token);
        var second = GetAsync();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        (await Should.ThrowAsync<StreamUnavailableException>(() => second)).Message.ShouldBe("a did not answer within 5 s");
        _broker.Asked.ShouldBe(1);
    }

    private Task<TopicMeasurement> GetAsync(string topic = "t") => _measurements.GetAsync(_broker, topic, TestContext.Current.CancellationToken);
}
