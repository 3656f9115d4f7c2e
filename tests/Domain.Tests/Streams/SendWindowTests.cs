using Conductor.Domain.Streams.Brokers;

namespace Conductor.Domain.Tests.Streams;

public sealed class SendWindowTests
{
    private readonly SendWindow _window = new(maxRecords: 4, maxBytes: 100);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(4, 1)]
    [InlineData(1, 100)]
    public async Task Whoever_finds_no_room_goes_on_when_half_of_the_window_is_free(int records, int bytes)
    {
        for (var i = 0; i < records; i++) _window.Sent(bytes);
        var room = _window.RoomAsync(Cancel).AsTask();
        room.IsCompleted.ShouldBeFalse();
        for (var i = 0; i < (records + 1) / 2; i++) _window.Confirmed(bytes);
        await room;
    }

    [Fact]
    public async Task Whoever_finds_room_for_one_does_not_wait()
    {
        for (var i = 0; i < 4; i++) _window.Sent(1);
        var waiting = _window.RoomAsync(Cancel).AsTask();
        _window.Confirmed(1);
        waiting.IsCompleted.ShouldBeFalse();
        await _window.RoomAsync(Cancel);
        _window.Confirmed(1);
        await waiting;
    }

    [Fact]
    public async Task A_flush_waits_for_the_last_record()
    {
        _window.Sent(1);
        _window.Sent(1);
        var empty = _window.EmptyAsync(Cancel).AsTask();
        _window.Confirmed(1);
        empty.IsCompleted.ShouldBeFalse();
        _window.Confirmed(1);
        await empty;
    }

    [Fact]
    public async Task All_who_wait_hear_of_the_first_failure()
    {
        for (var i = 0; i < 4; i++) _window.Sent(1);
        var (room, empty) = (_window.RoomAsync(Cancel).AsTask(), _window.EmptyAsync(Cancel).AsTask());
        _window.Fail(new StreamUnavailableException("first"));
        _window.Fail(new StreamUnavailableException("second"));
        (await Should.ThrowAsync<StreamUnavailableException>(() => room)).Message.ShouldBe("first");
        (await Should.ThrowAsync<StreamUnavailableException>(() => empty)).Message.ShouldBe("first");
    }
}
