using Conductor.Domain.Streams.Records;
using Conductor.Kafka.Producing;
using Confluent.Kafka;

namespace Conductor.Kafka.Tests;

public sealed class HeaderTests
{
    [Fact]
    public void Every_type_that_has_a_name_comes_back_as_it_was()
    {
        object[] values =
        [
            true, false, (sbyte)-7, (byte)200, (short)-300, (ushort)60_000, -70_000, 4_000_000_000u, long.MinValue, ulong.MaxValue, 0.1f, double.NaN,
            -0.0, 12.34m, RecordHeader.NoValue,
        ];
        RecordHeader[] headers = [.. values.Select((value, i) => new RecordHeader($"h,{i}=é", default) { Typed = value })];
        var read = KafkaHeaders.Read(KafkaHeaders.Of(headers))!;
        read.ConvertAll(h => h.Typed).ShouldBe(values);
        read.ConvertAll(h => h.Name).ShouldBe(headers.Select(h => h.Name));
    }

    [Fact]
    public void Names_may_occur_more_than_once_and_order_is_kept()
    {
        RecordHeader[] headers = [RecordHeader.Of("a", "1"), RecordHeader.Of("b", "2"), RecordHeader.Of("a", "3")];
        KafkaHeaders.Read(KafkaHeaders.Of(headers))!.ConvertAll(h => (h.Name, h.Text)).ShouldBe([("a", "1"), ("b", "2"), ("a", "3")]);
    }

    [Fact]
    public void Types_that_are_not_as_we_write_them_leave_the_text()
    {
        var headers = new Headers { { "n", "x"u8.ToArray() }, { "conductor-header-types", "n=int32,,m=what,%=bool"u8.ToArray() } };
        var read = KafkaHeaders.Read(headers)!.ShouldHaveSingleItem();
        (read.Text, read.Typed).ShouldBe(("x", null));
    }
}
