using System.Buffers;
using System.Diagnostics;
using System.IO.Compression;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Schemas;
using Conductor.Domain.Streams.Alerts;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.Domain.Tests.Avro;
using Conductor.Testing;

namespace Conductor.Domain.Tests.Streams.Alerts;

public class MutatedPacketTests
{
    private const string Schema = """
        {"type":"record","name":"alert","namespace":"t","fields":[
         {"name":"candid","type":"long"},
         {"name":"candidate","type":{"type":"record","name":"candidate","fields":[
          {"name":"ssnamenr","type":["null","string"]},{"name":"ssdistnr","type":["null","float"]},{"name":"ssmagnr","type":["null","float"]},
          {"name":"rb","type":["null","float"]},{"name":"kind","type":{"type":"enum","name":"kind","symbols":["A","B"]}}]}},
         {"name":"history","type":["null",{"type":"array","items":"candidate"}]},
         {"name":"notes","type":{"type":"map","values":["null","long","string"]}},
         {"name":"cutoutScience","type":["null",{"type":"record","name":"cutout","fields":[{"name":"stampData","type":"bytes"}]}]}]}
        """;

    [Theory]
    [InlineData(ContainerCodec.Null)]
    [InlineData(ContainerCodec.Deflate)]
    public void Mutated_packets_pass_or_are_skipped_or_are_dead_letters(ContainerCodec codec) =>
        Check([.. Enumerable.Range(0, 20).Select(i => Packet(i, codec))]);

    [Fact]
    public void Mutated_real_packets_pass_or_are_skipped_or_are_dead_letters() =>
        Check([.. SharedData.Packets().Concat(SharedData.Files("alerts/lsst")).Concat(SharedData.Files("alerts/decam")).Select(File.ReadAllBytes)]);

    private static void Check(IReadOnlyList<byte[]> packets)
    {
        var mutations = Mutations.New();
        var chain = new ProcessorChain(
            [new ImageCheck(), new SolarSystemFilter(FilterAction.Exclude, new()), new Threshold("candidate.rb", [new Limit(Comparison.AtLeast, 0.5m)])],
            fields => new ContainerPacketReader(fields, new ContainerHeaderCache()));
        var counts = new Dictionary<string, int> { ["passed"] = 0, ["skipped"] = 0, ["dead-lettered"] = 0 };
        var (slowest, largest) = (TimeSpan.Zero, 0.0);
        for (var i = 0; i < Mutations.Count; i++)
        {
            // One in ten is whole.
            var packet = mutations.OneOf(packets);
            if (i % 10 != 0) packet = mutations.Damage(packet);
            var (started, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            counts[AnswerOf(chain, packet, $"seed {mutations.Seed}, packet {i}")]++;
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
            largest = Math.Max(largest, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(packet.Length + 100_000));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {mutations.Seed}: {string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}"))}; "
            + $"at most {slowest.TotalMilliseconds:N0} ms, {largest:N1} bytes allocated for a byte");
        counts.Values.Sum().ShouldBe(Mutations.Count);
        counts.Values.ShouldAllBe(count => count > 0);
        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(5), $"seed {mutations.Seed}");
        largest.ShouldBeLessThan(100, $"seed {mutations.Seed}");
    }

    private static string AnswerOf(ProcessorChain chain, byte[] packet, string origin)
    {
        try
        {
            return chain.Process(new StreamRecord { Value = packet }) == ProcessorAnswer.Pass ? "passed" : "skipped";
        }
        catch (BadRecordException e)
        {
            e.Message.Length.ShouldBeInRange(1, 1000, origin);
            return "dead-lettered";
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(origin, e);
        }
    }

    private static byte[] Packet(int number, ContainerCodec codec)
    {
        var name = new AvroText(number % 3 == 0 ? "null" : $"{number}");
        AvroRecord candidate = new([name, new AvroFloat(1), new AvroFloat(18), new AvroFloat(number / 20f), new AvroText("A")]);
        AvroRecord alert = new(
        [
            new AvroInteger(long.MaxValue - number), candidate, new AvroArray([candidate, candidate]),
            new AvroMap([new("n", new AvroInteger(1)), new("t", new AvroText("x"))]), new AvroRecord([new AvroBytes(Gzip(new byte[500 + number]))]),
        ]);
        var (output, datum) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        new DatumWriter(AvroSchema.Parse(Schema)).Write(new AvroWriter(datum), alert);
        var writer = new ContainerWriter(output, Schema, codec, new byte[16]);
        writer.Append(datum.WrittenSpan);
        writer.EndBlock();
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Gzip(byte[] data)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest)) gzip.Write(data);
        return output.ToArray();
    }
}
