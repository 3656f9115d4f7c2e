using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.Pipelines.Topics;
using static Conductor.StreamContract.Steps;

namespace Conductor.Pipelines.Tests.Topics;

public sealed class RecordReadsTests
{
    private readonly BrokerInMemory _broker = new("a") { First = 100 };

    public RecordReadsTests() => _broker.Add(Enumerable.Range(0, 10).Select(i => Record($"{i}", "key") with { Headers = [RecordHeader.Of("h", "v")] }));

    [Fact]
    public async Task Reading_ends_with_as_many_as_are_wanted()
    {
        var taken = await ReadAsync(From(102) with { Limit = 3 });
        (string.Join(' ', taken.Items), taken.Next, taken.EndedBy).ShouldBe(("2 3 4", 105, ReadingEnd.Limit));
    }

    [Fact]
    public async Task Reading_ends_before_the_end_without_waiting_for_more()
    {
        var taken = await ReadAsync(From(107));
        (string.Join(' ', taken.Items), taken.Next, taken.EndedBy).ShouldBe(("7 8 9", 110, ReadingEnd.End));
    }

    [Fact]
    public async Task Reading_ends_with_the_record_that_fills_the_bytes()
    {
        // Each has a value of one byte, a key of three, and a header of two.
        var taken = await ReadAsync(From(100) with { MostBytes = 13 });
        (string.Join(' ', taken.Items), taken.Next, taken.EndedBy).ShouldBe(("0 1 2", 103, ReadingEnd.Bytes));
    }

    [Fact]
    public async Task What_has_come_before_a_gap_at_the_end_is_the_answer()
    {
        var taken = await ReadAsync(From(108) with { End = 112 });
        (string.Join(' ', taken.Items), taken.Next, taken.EndedBy).ShouldBe(("8 9", 110, ReadingEnd.Time));
    }

    [Fact]
    public async Task Who_gives_up_has_no_answer()
    {
        using var gone = new CancellationTokenSource();
        var reading = RecordReads.ReadAsync(_broker, From(200), r => r.Text(), gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => reading);
    }

    private static WantedRecords From(long offset) => new("t", 0, new StreamPosition.At(offset), 110);

    private Task<TakenRecords<string>> ReadAsync(WantedRecords wanted) => RecordReads.ReadAsync(_broker, wanted, r => r.Text(), Soon());
}
