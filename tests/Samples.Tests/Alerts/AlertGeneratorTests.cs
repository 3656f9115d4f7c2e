using Conductor.Alerts;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Fields;
using Conductor.Domain.Avro.Schemas;
using Conductor.Domain.Streams.Alerts;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.Domain.Tests.Avro;
using Conductor.Domain.Tests.Streams.Alerts;

namespace Conductor.Samples.Tests.Alerts;

public class AlertGeneratorTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_schema_has_the_names_and_types_of_published_packets()
    {
        var file = File.ReadAllBytes(SharedData.Files("alerts/ztf/v4.01")[0]);
        AvroSchema.Parse(AlertSchemas.Ztf).ToCanonicalForm().ShouldBe(ContainerHeader.Parse(file).Schema.ToCanonicalForm());
    }

    [Fact]
    public void The_same_seed_and_number_give_the_same_packet()
    {
        var first = new AlertGenerator(AlertSchemas.Ztf, seed: 5);
        var second = new AlertGenerator(AlertSchemas.Ztf, seed: 5);
        second.Generate(1, At);
        first.Packet(first.Generate(17, At)).ToArray().ShouldBe(second.Packet(second.Generate(17, At)).ToArray());
        first.Generate(18, At).Datum.ToArray().ShouldNotBe(second.Generate(17, At).Datum.ToArray());
    }

    [Fact]
    public void Alerts_look_like_real_ones()
    {
        var generator = new AlertGenerator(AlertSchemas.Ztf, seed: 1);
        var truths = Enumerable.Range(0, 500).Select(i => (Alert: generator.Generate(i, At.AddSeconds(i)), i)).Select(item =>
        {
            var truth = PacketTruth.Of(generator.Packet(item.Alert).ToArray());
            truth.Candid.ShouldBe(item.Alert.Candid);
            truth.ObjectId.ShouldBe(item.Alert.ObjectId);
            truth.HasObject.ShouldBe(item.Alert.SolarSystemName is not null);
            return truth;
        }).ToList();
        truths.ShouldAllBe(truth => truth.Candid > 1L << 53);
        truths.Select(truth => truth.Candid).Distinct().Count().ShouldBe(500);
        truths.Select(truth => truth.ObjectId).Distinct().Count().ShouldBeInRange(200, 499);
        truths.Count(truth => truth.HasObject).ShouldBeInRange(60, 140);
        truths.Where(truth => !truth.HasObject).ShouldAllBe(truth => truth.SolarSystemName == "null" && truth.Distance == -999);
    }

    [Fact]
    public void Packets_pass_through_the_processors()
    {
        var generator = new AlertGenerator(AlertSchemas.Ztf, seed: 2);
        var chain = new ProcessorChain(
            [new SolarSystemFilter(FilterAction.Exclude, new()), new Threshold("candidate.rb", [new Limit(Comparison.AtLeast, 0.5m)])],
            fields => new ContainerPacketReader(fields, new ContainerHeaderCache()));
        for (var i = 0; i < 200; i++)
        {
            var alert = generator.Generate(i, At);
            var packet = new StreamRecord { Value = generator.Packet(alert) };
            var truth = PacketTruth.Of(packet.Value.ToArray());
            chain.Process(packet).ShouldBe(!truth.HasObject && truth.Rb >= 0.5f ? ProcessorAnswer.Pass : ProcessorAnswer.Skip);
        }
    }

    [Fact]
    public void Stamps_are_compressed_images()
    {
        var alert = new AlertGenerator(AlertSchemas.Ztf, seed: 3).Generate(0, At);
        var stamp = FieldProgram.Compile(AvroSchema.Parse(AlertSchemas.Ztf), ["cutoutScience.stampData"], DatumExtent.Whole);
        var values = stamp.Read(alert.Datum.Span, new FieldSlot[1]);
        using var image = new System.IO.Compression.GZipStream(new MemoryStream(values.Bytes(0).ToArray()), System.IO.Compression.CompressionMode.Decompress);
        var start = new byte[10];
        image.ReadExactly(start);
        System.Text.Encoding.ASCII.GetString(start).ShouldBe("SIMPLE  = ");
    }
}
