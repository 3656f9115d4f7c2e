using Conductor.Domain.Streams.Records;
using Conductor.Pipelines.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Pipelines.Tests.Runtime;

public sealed class SourcePositionTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PartitionInMemory _partition = new([new StreamRecord { Value = new byte[1] }]);

    [Fact]
    public async Task It_follows_the_last_checkpoint_after_a_while_and_at_the_end_at_once()
    {
        var position = new SourcePosition(_partition, _time);
        position.Saved(1);
        await position.FollowAsync(atOnce: false, TestContext.Current.CancellationToken);
        position.Saved(2);
        _time.Advance(SourcePosition.Behind);
        await position.FollowAsync(atOnce: false, TestContext.Current.CancellationToken);
        _partition.Committed.ShouldBe([2]);
        position.Saved(3);
        await position.FollowAsync(atOnce: true, TestContext.Current.CancellationToken);
        await position.FollowAsync(atOnce: true, TestContext.Current.CancellationToken);
        _partition.Committed.ShouldBe([2, 3]);
    }
}
