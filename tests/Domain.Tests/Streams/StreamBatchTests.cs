using Conductor.Domain.Streams.Records;

namespace Conductor.Domain.Tests.Streams;

public sealed class StreamBatchTests
{
    [Fact]
    public void Records_of_all_sizes_keep_their_bytes_though_the_source_buffer_is_reused()
    {
        var builder = new StreamBatchBuilder();
        var random = new Random(11);
        var source = new byte[400_000];
        var expected = new List<byte[]>();
        for (var i = 0; i < 300; i++)
        {
            var size = random.Next(4) switch { 0 => 0, 1 => random.Next(100), 2 => random.Next(70_000), _ => i % 50 == 0 ? random.Next(400_000) : 10 };
            random.NextBytes(source.AsSpan(0, size));
            expected.Add(source[..size]);
            builder.Add(new StreamRecord { Key = source.AsMemory(0, Math.Min(size, 7)), Value = source.AsMemory(0, size), Offset = i });
        }
        builder.Bytes.ShouldBe(expected.Sum(e => e.Length + Math.Min(e.Length, 7)));
        using var batch = builder.Build();
        Array.Clear(source);
        for (var i = 0; i < expected.Count; i++)
        {
            batch.Records.Span[i].Value.Span.SequenceEqual(expected[i]).ShouldBeTrue($"value {i}");
            batch.Records.Span[i].Key.Span.SequenceEqual(expected[i].AsSpan(0, Math.Min(expected[i].Length, 7))).ShouldBeTrue($"key {i}");
        }
        (batch.Count, batch.NextOffset).ShouldBe((300, 300));
    }

    [Fact]
    public void A_disposed_batch_gives_nothing_out_and_an_empty_one_is_not_built()
    {
        var builder = new StreamBatchBuilder();
        Should.Throw<InvalidOperationException>(() => builder.Build());
        builder.Add(new StreamRecord { Value = new byte[] { 1 } });
        var batch = builder.Build();
        batch.Dispose();
        batch.Dispose();
        Should.Throw<ObjectDisposedException>(() => batch.Records);
        builder.Count.ShouldBe(0);
    }
}
