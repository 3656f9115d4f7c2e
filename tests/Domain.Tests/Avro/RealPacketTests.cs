using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Fields;

namespace Conductor.Domain.Tests.Avro;

public class RealPacketTests
{
    private static readonly string[] Paths = ["objectId", "candid", "candidate.ssnamenr", "candidate.ssdistnr", "candidate.rb", "cutoutScience.stampData"];

    [Theory]
    [InlineData(DatumExtent.LastWantedField)]
    [InlineData(DatumExtent.Whole)]
    public void Chosen_fields_of_real_packets_are_read(DatumExtent extent)
    {
        var files = SharedData.Packets();
        var headers = new ContainerHeaderCache();
        var reader = new ContainerReader(headers);
        files.Length.ShouldBe(67);
        foreach (var file in files)
        {
            reader.Open(File.ReadAllBytes(file));
            reader.ReadBlock().ShouldBeTrue();
            reader.ReadDatum(out var datum).ShouldBeTrue();
            var program = FieldProgram.Compile(reader.Header.Schema, Paths, extent);
            var values = program.Read(datum.Span, new FieldSlot[Paths.Length], reader.BlockOrigin);
            values.Integer(1).ToString().ShouldBe(Path.GetFileNameWithoutExtension(file));
            values.Text(0)!.ShouldStartWith("ZTF");
            values.Kind(2).ShouldBe(FieldKind.Text);
            values.TryGetNumber(3, out _).ShouldBeTrue();
            values.Bytes(5)[..2].ToArray().ShouldBe([0x1f, 0x8b]);
            if (extent == DatumExtent.Whole) values.Consumed.ShouldBe(datum.Length);
            reader.ReadDatum(out _).ShouldBeFalse();
            reader.ReadBlock().ShouldBeFalse();
        }
    }
}
