using Conductor.Console.Clients.Pipelines;
using Conductor.Console.Topics;

namespace Conductor.Console.Tests.Topics;

public sealed class RecordPlaceTests
{
    [Theory]
    [InlineData(null, null, null, null, "partition=0&latest=25")]
    [InlineData("3", "", "", "", "partition=3&latest=25")]
    [InlineData("1", " 5000000000 ", null, null, "partition=1&offset=5000000000&limit=25")]
    [InlineData("1", null, "2026-11-21T10:30", null, "partition=1&since=2026-11-21T10%3A30%3A00.0000000Z&limit=25")]
    [InlineData("1", null, "2026-11-21T10:30:05.5+01:00", null, "partition=1&since=2026-11-21T09%3A30%3A05.5000000Z&limit=25")]
    [InlineData("1", null, null, "100", "partition=1&offset=75&limit=25")]
    [InlineData("1", null, null, "7", "partition=1&offset=0&limit=7")]
    public void A_place_is_a_question_to_the_service(string? partition, string? offset, string? time, string? before, string query)
    {
        var place = Read(partition, offset, time, before);
        place.Complaint.ShouldBeNull();
        place.Query.ShouldBe(query);
    }

    [Theory]
    [InlineData("x", null, null, null, "“x” is not a partition.")]
    [InlineData(null, "-1", null, null, "“-1” is not an offset.")]
    [InlineData(null, "99999999999999999999", null, null, "“99999999999999999999” is not an offset.")]
    [InlineData(null, null, "yesterday", null, "“yesterday” is not a time.")]
    [InlineData(null, null, null, "x", "“x” is not an offset.")]
    [InlineData(null, "1", "2026-11-21T10:30", null, "Records are found by offset or by time: leave one of them out.")]
    public void What_cannot_be_read_is_said(string? partition, string? offset, string? time, string? before, string complaint) =>
        Read(partition, offset, time, before).Complaint.ShouldBe(complaint);

    [Fact]
    public void The_address_of_a_place_holds_all_of_it() =>
        Read("1", null, "2026-11-21T10:30", null).Url.ShouldBe("/topics/rabbitmq/a%20b?partition=1&time=2026-11-21T10%3A30%3A00#records");

    [Theory]
    [InlineData(null, null, "1135", null)]
    [InlineData(null, "1135", "1110", "newest")]
    [InlineData(null, "1110", null, "1135")]
    [InlineData("1130", null, "1105", "1155")]
    [InlineData("1140", null, "1115", null)]
    [InlineData("1120", null, "1100", "1145")]
    [InlineData("1100", null, null, "1125")]
    [InlineData("9000", null, "1135", null)]
    public void The_pages_beside_a_page_keep_its_order(string? offset, string? before, string? older, string? newer)
    {
        var place = Read("0", offset, time: null, before);
        var from = place.Offset ?? Math.Max(1100, (place.Before ?? 1160) - RecordPlace.Size);
        var window = new RecordWindow(place, new TopicRecords
        {
            First = 1100, End = 1160, Next = Math.Min(1160, from + 25),
            Items = [.. Enumerable.Range(0, 25).Select(i => new TopicRecord { Offset = from + i }).Where(r => r.Offset < 1160)],
        });
        window.Rows.Select(r => r.Offset).ShouldBeInOrder(offset is null ? SortDirection.Descending : SortDirection.Ascending);
        var name = offset is null ? "before" : "offset";
        window.Older.ShouldBe(older is null ? null : $"/topics/rabbitmq/a%20b?partition=0&{name}={older}#records");
        window.Newer.ShouldBe(newer switch
        {
            null => null,
            "newest" => "/topics/rabbitmq/a%20b?partition=0#records",
            _ => $"/topics/rabbitmq/a%20b?partition=0&{name}={newer}#records",
        });
    }

    [Fact]
    public void Records_behind_the_place_are_left_out_where_retention_has_cut_off_the_oldest()
    {
        var window = new RecordWindow(Read("0", null, null, "1110"), new TopicRecords
        {
            First = 1100, End = 1160, Next = 1125, Items = [.. Enumerable.Range(1100, 25).Select(i => new TopicRecord { Offset = i })],
        });
        window.Rows.Select(r => r.Offset).ShouldBe(Enumerable.Range(1100, 10).Reverse().Select(i => (long)i));
    }

    private static RecordPlace Read(string? partition, string? offset, string? time, string? before) =>
        RecordPlace.Read(new TopicName("rabbitmq", "a b"), partition, offset, time, before);
}
