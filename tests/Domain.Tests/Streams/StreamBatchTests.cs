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

    [Fact]
    public void Batches_that_share_a_memory_keep_their_bytes_when_others_are_disposed_and_the_pool_is_used_on()
    {
        var memory = new RecordMemory();
        var builders = new[] { new StreamBatchBuilder(memory), new StreamBatchBuilder(memory) };
        var random = new Random(12);
        var open = new List<(StreamBatch Batch, byte[][] Values)>();
        for (var round = 0; round < 200; round++)
        {
            foreach (var builder in builders)
            {
                var values = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Bytes(random, random.Next(5) == 0 ? 90_000 : random.Next(9_000))).ToArray();
                foreach (var value in values) builder.Add(new StreamRecord { Value = default }, memory.Copy([1]), memory.Copy(value));
                open.Add((builder.Build(), values));
            }
            while (open.Count > 6) Close(open, random);
            // Whatever the pool has is written over.
            var rented = Enumerable.Range(0, 4).Select(_ => System.Buffers.ArrayPool<byte>.Shared.Rent(256 * 1024)).ToList();
            foreach (var array in rented) random.NextBytes(array);
            foreach (var array in rented) System.Buffers.ArrayPool<byte>.Shared.Return(array);
        }
        while (open.Count > 0) Close(open, random);
    }

    [Fact]
    public void What_a_key_lies_in_goes_to_the_pool_once_though_its_value_did_not_fit_beside_it()
    {
        var memory = new RecordMemory();
        var builder = new StreamBatchBuilder(memory);
        for (var round = 0; round < 10; round++)
        {
            // Four of these leave room for the key alone, and nobody else holds what they lie in.
            for (var i = 0; i < 4; i++) builder.Add(new StreamRecord { Value = new byte[60_000] });
            builder.Build().Dispose();
            var key = memory.Copy(new byte[20_000]);
            builder.Add(new StreamRecord { Value = default }, key, memory.Copy(new byte[60_000]));
            builder.Build().Dispose();
            for (var i = 0; i < 3; i++) builder.Add(new StreamRecord { Value = new byte[60_000] });
            builder.Build().Dispose();
        }
        var rented = Enumerable.Range(0, 64).Select(_ => System.Buffers.ArrayPool<byte>.Shared.Rent(256 * 1024)).ToList();
        rented.Distinct(ReferenceEqualityComparer.Instance).Count().ShouldBe(rented.Count, "nobody gets what somebody else has");
    }

    private static void Close(List<(StreamBatch Batch, byte[][] Values)> open, Random random)
    {
        var at = random.Next(open.Count);
        var (batch, values) = open[at];
        batch.Records.ToArray().Select(r => r.Value.ToArray()).ShouldBe(values);
        batch.Dispose();
        open.RemoveAt(at);
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
