using Conductor.StreamRider.Consuming;

namespace Conductor.StreamRider.Tests.Consuming;

public sealed class OffsetWindowTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_watermark_moves_over_what_is_done_without_a_gap_also_where_offsets_have_gaps()
    {
        var window = new OffsetWindow(10);
        var entries = new List<OffsetWindow.Entry>();
        foreach (var offset in (long[])[5, 6, 9, 10]) entries.Add(await window.BeginAsync(offset, Cancel));
        window.Watermark.ShouldBeNull();
        window.Complete(entries[1]);
        window.Watermark.ShouldBeNull();
        window.Complete(entries[0]);
        (window.Watermark, window.Passed).ShouldBe((7, 2));
        window.Complete(entries[3]);
        window.Watermark.ShouldBe(7);
        window.Complete(entries[2]);
        (window.Watermark, window.Passed).ShouldBe((11, 4));
    }

    [Fact]
    public async Task There_is_room_again_when_the_first_is_done()
    {
        var window = new OffsetWindow(2);
        var first = await window.BeginAsync(0, Cancel);
        var second = await window.BeginAsync(1, Cancel);
        var third = window.BeginAsync(2, Cancel).AsTask();
        window.Complete(second);
        third.IsCompleted.ShouldBeFalse();
        window.Complete(first);
        (await third).Next.ShouldBe(3);
    }
}
