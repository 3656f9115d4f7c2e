using System.Buffers;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;

namespace Conductor.Domain.Tests.Avro;

public class ContainerVectorTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("deflate")]
    public void Containers_of_the_reference_hold_its_records(string codec)
    {
        foreach (var count in new[] { 0, 7, 400 })
        {
            var records = File.ReadAllLines(SharedData.Path($"avro/ocf/interop-{count}.hex"));
            records.Length.ShouldBe(count);
            Values(File.ReadAllBytes(SharedData.Path($"avro/ocf/interop-{codec}-{count}.avro"))).Select(Convert.ToHexStringLower).ShouldBe(records);
        }
    }

    [Theory]
    [InlineData("snappy")]
    [InlineData("zstandard")]
    [InlineData("bzip2")]
    [InlineData("xz")]
    public void Codecs_that_are_not_supported_are_named(string codec)
    {
        var file = File.ReadAllBytes(SharedData.Path($"avro/ocf/interop-{codec}-7.avro"));
        Should.Throw<AvroDataException>(() => Values(file)).Fault.ShouldContain($"\"{codec}\"");
    }

    [Fact]
    public void Containers_of_other_writers_are_read_and_written_back_alike()
    {
        var read = 0;
        var unsupported = 0;
        var files = SharedData.Files("avro/fastavro/tests").Concat(SharedData.Files("avro/apache-avro/share/test")).ToList();
        foreach (var file in files)
        {
            try
            {
                ReadAndWriteBack(File.ReadAllBytes(file));
                read++;
            }
            catch (AvroDataException e) when (e.Fault.StartsWith("codec", StringComparison.Ordinal))
            {
                unsupported++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{read} read, {unsupported} with other codecs, of {files.Count}");
        (read + unsupported).ShouldBe(files.Count);
        read.ShouldBeGreaterThan(30);
    }

    [Theory]
    [InlineData("avro-1237-good.avro", true)]
    [InlineData("avro-1237-bad-union-discriminant.avro", false)]
    [InlineData("avro-1238-good.avro", true)]
    [InlineData("avro-1238-truncated.avro", false)]
    [InlineData("avro-1279-codec.avro", true)]
    [InlineData("avro-1279-no-codec.avro", true)]
    public void Damaged_files_of_the_reference_are_refused(string file, bool sound)
    {
        var bytes = File.ReadAllBytes(SharedData.Path($"avro/apache-avro/lang-c-tests/{file}"));
        var read = () => ReadAndWriteBack(bytes);
        if (sound) read.ShouldNotThrow();
        else read.ShouldThrow<AvroDataException>();
    }

    [Fact]
    public void Every_truncation_of_a_container_is_noticed_but_at_the_end_of_a_block()
    {
        var file = File.ReadAllBytes(SharedData.Path("avro/ocf/interop-deflate-400.avro"));
        var ends = BlockEnds(file);
        for (var length = 0; length < file.Length; length += length < 2000 ? 1 : 97)
        {
            if (ends.Contains(length)) continue;
            Should.Throw<AvroDataException>(() => Values(file[..length])).Offset.ShouldBeLessThanOrEqualTo(length);
        }
    }

    [Fact]
    public void Flipped_bits_never_do_anything_but_give_other_values_or_an_error_with_its_place()
    {
        var random = new Random(20_261_121);
        var refused = 0;
        foreach (var name in new[] { "interop-null-7.avro", "interop-deflate-7.avro" })
        {
            var file = File.ReadAllBytes(SharedData.Path($"avro/ocf/{name}"));
            for (var i = 0; i < 1500; i++)
            {
                var damaged = file.ToArray();
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                try
                {
                    ReadAndWriteBack(damaged);
                }
                catch (AvroDataException)
                {
                    refused++;
                }
            }
        }

        refused.ShouldBeGreaterThan(750);
    }

    private static HashSet<int> BlockEnds(byte[] file)
    {
        var reader = new ContainerReader(new ContainerHeaderCache());
        reader.Open(file);
        var ends = new HashSet<int> { reader.Header.Length };
        for (var at = reader.Header.Length; at < file.Length;)
        {
            var block = new AvroReader(file.AsSpan(at));
            block.ReadLong();
            block.ReadSized();
            at += block.Position + 16;
            ends.Add(at);
        }

        return ends;
    }

    private static List<byte[]> Values(byte[] file)
    {
        var reader = new ContainerReader(new ContainerHeaderCache());
        reader.Open(file);
        var values = new List<byte[]>();
        while (reader.ReadBlock())
        {
            while (reader.ReadDatum(out var datum)) values.Add(datum.ToArray());
        }

        return values;
    }

    /// <summary>Reads every value as objects, and writes and reads a container with the same values.</summary>
    private static void ReadAndWriteBack(byte[] file)
    {
        var header = ContainerHeader.Parse(file);
        var reader = new DatumReader(header.Schema);
        var values = Values(file);
        foreach (var value in values) DatumJson.ToJson(header.Schema, reader.Read(value)).ShouldNotBeNull();
        var output = new ArrayBufferWriter<byte>();
        var writer = new ContainerWriter(output, header.SchemaText, ContainerCodec.Deflate, file.AsMemory(header.Length - 16, 16));
        foreach (var value in values) writer.Append(value);
        writer.EndBlock();
        Values(output.WrittenSpan.ToArray()).Select(Convert.ToHexString).ShouldBe(values.Select(Convert.ToHexString));
    }
}
