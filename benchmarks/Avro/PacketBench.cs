using Conductor.Alerts;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Fields;
using Conductor.Domain.Streams.Alerts;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Bench.Avro;

/// <summary>Alert packets of one schema, held in memory.</summary>
internal static class PacketBench
{
    private static readonly string[] Thirteen =
    [
        .. new[] { "jd", "fid", "ra", "dec", "magpsf", "sigmapsf", "rb", "ssdistnr", "ssmagnr", "ssnamenr", "distpsnr1", "sgscore1", "ndethist" }
            .Select(field => "candidate." + field),
    ];

    private static readonly string[] WithStamps = [.. Thirteen, "cutoutScience.stampData", "cutoutTemplate.stampData", "cutoutDifference.stampData"];

    public static void Run(Stopclock clock, string name, byte[][] packets)
    {
        var headers = new ContainerHeaderCache();
        var reader = new ContainerReader(headers);
        var datums = packets.Select(packet => Datum(reader, packet)).ToArray();
        var schema = reader.Header.Schema;
        Console.WriteLine($"{name}: {packets.Length} packets, {packets.Average(p => p.Length):N0} bytes, datum {datums.Average(d => d.Length):N0} bytes");

        var fields = FieldProgram.Compile(schema, Thirteen);
        clock.Measure("datum, 13 candidate fields, stop after them", datums.Length, () => ReadAll(fields, datums));
        clock.Measure("container, header compared with known, 13 candidate fields", packets.Length, () => ReadContainers(reader, fields, packets));
        var stamps = FieldProgram.Compile(schema, WithStamps, DatumExtent.Whole);
        clock.Measure("datum, 13 candidate fields, stamps located, to the end", datums.Length, () => ReadAll(stamps, datums));
        var walk = FieldProgram.Compile(schema, [], DatumExtent.Whole);
        clock.Measure("datum, walked to the end", datums.Length, () => ReadAll(walk, datums));
        var chain = new ProcessorChain(
            [new SolarSystemFilter(FilterAction.Exclude, new()), new Threshold("candidate.rb", [new Limit(Comparison.AtLeast, 0.55m)])],
            paths => new ContainerPacketReader(paths, headers));
        clock.Measure("container, checked to the end, two processors", packets.Length,
            () => Array.ForEach(packets, packet => chain.Process(new StreamRecord { Value = packet })));
        var objects = new DatumReader(schema);
        clock.Measure("datum, all fields as objects", datums.Length, () => Array.ForEach(datums, datum => objects.Read(datum)));
        clock.Measure("container header, schema parsed each time", packets.Length, () => Array.ForEach(packets, packet => ContainerHeader.Parse(packet)));
        if (name == "generated") Generate(clock);
    }

    private static void Generate(Stopclock clock)
    {
        var generator = new AlertGenerator(AlertSchemas.Ztf, seed: 1);
        long number = 0;
        clock.Measure("generated and put into a container", 1, () => generator.Packet(generator.Generate(number++, DateTimeOffset.UnixEpoch)));
    }

    private static byte[] Datum(ContainerReader reader, byte[] packet)
    {
        reader.Open(packet);
        return reader.ReadBlock() ? reader.Block.ToArray() : throw new InvalidDataException("a packet without a value");
    }

    private static void ReadAll(FieldProgram program, byte[][] datums)
    {
        Span<FieldSlot> slots = stackalloc FieldSlot[program.Paths.Count];
        foreach (var datum in datums) program.Read(datum, slots);
    }

    private static void ReadContainers(ContainerReader reader, FieldProgram program, byte[][] packets)
    {
        Span<FieldSlot> slots = stackalloc FieldSlot[program.Paths.Count];
        foreach (var packet in packets)
        {
            reader.Open(packet);
            reader.ReadBlock();
            program.Read(reader.Block.Span, slots, reader.BlockOrigin);
        }
    }
}
