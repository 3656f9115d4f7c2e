using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Streams.Alerts;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.Domain.Tests.Avro;

namespace Conductor.Domain.Tests.Streams.Alerts;

public class RealPacketProcessingTests
{
    /// <summary>A packet whose last byte is missing.</summary>
    private const string CutOff = "516476004815015005.avro";

    [Fact]
    public void The_filter_answers_for_every_real_packet_as_its_fields_say()
    {
        var packets = SharedData.Packets().Select(File.ReadAllBytes).ToList();
        var truths = packets.ConvertAll(PacketTruth.Of);
        packets.Count.ShouldBe(67);
        var named = truths.Where(truth => truth.HasObject).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{named.Count} of {truths.Count} have an object: {string.Join(", ", named.Select(truth => truth.SolarSystemName))}");
        named.Count.ShouldBeInRange(1, 66);

        Check(packets, truths, new SolarSystemFilter(FilterAction.Include, new()), truth => truth.HasObject);
        Check(packets, truths, new SolarSystemFilter(FilterAction.Exclude, new()), truth => !truth.HasObject);
        Check(packets, truths, new SolarSystemFilter(FilterAction.Include, new() { MaxDistance = 5 }), truth => truth.HasObject && truth.Distance <= 5);
        Check(packets, truths, new SolarSystemFilter(FilterAction.Include, new() { MaxMagnitude = 19 }),
            truth => truth.HasObject && truth.Magnitude is <= 19 and not -999);
        var one = named[0].SolarSystemName!;
        Check(packets, truths, new SolarSystemFilter(FilterAction.Include, new() { Targets = [$" {one.ToLowerInvariant()} ", "saturn"] }),
            truth => truth.SolarSystemName == one);
        Check(packets, truths, new SolarSystemFilter(FilterAction.Exclude, new() { Targets = ["saturn", "null"] }), _ => true);
    }

    [Fact]
    public void The_threshold_answers_for_every_real_packet_as_its_field_says()
    {
        var packets = SharedData.Packets().Select(File.ReadAllBytes).ToList();
        var truths = packets.ConvertAll(PacketTruth.Of);
        Check(packets, truths, new Threshold("candidate.rb", [new Limit(Comparison.AtLeast, 0.55m)]), truth => truth.Rb >= 0.55f);
        Check(packets, truths, new Threshold("candidate.rb", [new Limit(Comparison.Less, 0.55m)]), truth => truth.Rb < 0.55f);
        var candid = truths[10].Candid;
        Check(packets, truths, new Threshold("candid", [new Limit(Comparison.Equal, candid)]), truth => truth.Candid == candid);
        Check(packets, truths, new Threshold("candid", [new Limit(Comparison.Equal, candid + 1)]), truth => truth.Candid == candid + 1);
    }

    [Fact]
    public void Damaged_real_packets_are_bad_records_with_a_place()
    {
        var packet = File.ReadAllBytes(SharedData.Packets()[0]);
        var chain = Chain(new SolarSystemFilter(FilterAction.Include, new()));
        var random = new Random(7);
        var refused = 0;
        for (var i = 0; i < 300; i++)
        {
            var cutOff = Record(packet.AsMemory(0, random.Next(1, packet.Length)));
            Should.Throw<BadRecordException>(() => chain.Process(cutOff)).Position.ShouldBeInRange(0, packet.Length);
            var flipped = packet.ToArray();
            flipped[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                chain.Process(Record(flipped));
            }
            catch (BadRecordException)
            {
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(0);
    }

    private static void Check(List<byte[]> packets, List<PacketTruth> truths, IRecordProcessor processor, Func<PacketTruth, bool> passes)
    {
        var chain = Chain(processor);
        for (var i = 0; i < packets.Count; i++)
        {
            chain.Process(Record(packets[i])).ShouldBe(passes(truths[i]) ? ProcessorAnswer.Pass : ProcessorAnswer.Skip, truths[i].ToString());
        }
    }

    [Theory]
    [InlineData("lsst", 2)]
    [InlineData("decam", 1)]
    [InlineData("ztf", 69)]
    public void Images_of_every_survey_pass_their_check(string survey, int count)
    {
        var chain = Chain(new ImageCheck());
        var files = SharedData.Files($"alerts/{survey}").Where(file => !file.EndsWith(CutOff, StringComparison.Ordinal)).ToList();
        files.Count.ShouldBe(count);
        foreach (var file in files) chain.Process(Record(File.ReadAllBytes(file))).ShouldBe(ProcessorAnswer.Pass, file);
    }

    [Theory]
    [InlineData("21665")]
    [InlineData("frege")]
    [InlineData("(21665) Frege")]
    public void A_target_is_found_by_its_number_its_name_and_both(string target)
    {
        var chain = Chain(new SolarSystemFilter(FilterAction.Include, new() { Targets = [target] }));
        var packets = SharedData.Files("alerts/ztf/v3.2-ampel").Where(file => !file.EndsWith(CutOff, StringComparison.Ordinal)).Select(File.ReadAllBytes);
        packets.Where(packet => chain.Process(Record(packet)) == ProcessorAnswer.Pass).Select(packet => PacketTruth.Of(packet).SolarSystemName)
            .ShouldBe(["(21665)Frege"]);
    }

    private static StreamRecord Record(ReadOnlyMemory<byte> packet) => new() { Value = packet };

    private static ProcessorChain Chain(IRecordProcessor processor) =>
        new([processor], fields => new ContainerPacketReader(fields, new ContainerHeaderCache()));
}
