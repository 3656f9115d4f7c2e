using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.Files.AvroFiles;

namespace Conductor.Files.Tests.AvroFiles;

public sealed class AvroFilesRecordSinkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_appears_when_it_is_flushed_and_holds_its_position()
    {
        await using var writer = await OpenAsync(epoch: 1);
        writer.Position.ShouldBeNull();
        await writer.WriteAsync(Packets.Records(10, 5), Stop);
        Directory.GetFiles(_folder.Path, "*.avro").ShouldBeEmpty();
        Directory.GetFiles(_folder.Path, "*.avro.part").ShouldHaveSingleItem();
        await writer.FlushAsync(20, Stop);
        Directory.GetFiles(_folder.Path, "*.part").ShouldBeEmpty();
        Packets.IdsIn(_folder.Path).ShouldBe([10, 11, 12, 13, 14]);
        PositionsOf(Directory.GetFiles(_folder.Path, "*.avro").Single()).ShouldBe(new FilePositions("alerts", 3, 1, 10, 20));
        writer.Position.ShouldBe(20);
    }

    [Fact]
    public async Task What_was_not_flushed_is_gone_and_is_written_again_once()
    {
        var abandoned = await OpenAsync(epoch: 1);
        await abandoned.WriteAsync(Packets.Records(0, 5), Stop);
        await abandoned.FlushAsync(5, Stop);
        await abandoned.WriteAsync(Packets.Records(5, 5), Stop);
        await using var writer = await OpenAsync(epoch: 2);
        writer.Position.ShouldBe(5);
        Directory.GetFiles(_folder.Path, "*.part").ShouldBeEmpty();
        await writer.WriteAsync(Packets.Records(0, 12), Stop);
        await writer.FlushAsync(12, Stop);
        Packets.IdsIn(_folder.Path).ShouldBe(Enumerable.Range(0, 12).Select(i => (long)i));
    }

    [Fact]
    public async Task A_later_writer_shuts_out_the_one_before()
    {
        var earlier = await OpenAsync(epoch: 1);
        await earlier.WriteAsync(Packets.Records(0, 3), Stop);
        await using var later = await OpenAsync(epoch: 2);
        await earlier.WriteAsync(Packets.Records(3, 3), Stop);
        await Should.ThrowAsync<FencedException>(async () => await earlier.FlushAsync(6, Stop));
        await Should.ThrowAsync<FencedException>(() => OpenAsync(epoch: 1));
        await earlier.DisposeAsync();
        Packets.IdsIn(_folder.Path).ShouldBeEmpty();
        await later.WriteAsync(Packets.Records(0, 6), Stop);
        await later.FlushAsync(6, Stop);
        Packets.IdsIn(_folder.Path).ShouldBe([0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Limits_and_new_schemas_begin_new_files_without_losing_the_position()
    {
        var other = Packets.Schema.Replace("\"Alert\"", "\"Other\"", StringComparison.Ordinal);
        var writer = await OpenAsync(epoch: 1, maxRecords: 2);
        await writer.WriteAsync(Packets.Records(0, 5), Stop);
        await writer.WriteAsync(new[] { new StreamRecord { Value = Packets.Of(other, 5), Offset = 7 } }, Stop);
        writer.Position.ShouldBe(7);
        await writer.DisposeAsync();
        Packets.IdsIn(_folder.Path).ShouldBe([0, 1, 2, 3, 4]);
        await using var again = await OpenAsync(epoch: 2);
        again.Position.ShouldBe(7);
    }

    [Fact]
    public async Task The_position_stays_when_files_are_taken_away()
    {
        await using (var writer = await OpenAsync(epoch: 1))
        {
            await writer.WriteAsync(Packets.Records(0, 5), Stop);
            await writer.FlushAsync(5, Stop);
        }

        foreach (var file in Directory.GetFiles(_folder.Path, "*.avro")) File.Delete(file);
        await using var again = await OpenAsync(epoch: 2);
        again.Position.ShouldBe(5);
    }

    [Fact]
    public async Task The_same_records_give_the_same_file_compressed_or_not()
    {
        using var second = new TemporaryFolder();
        foreach (var folder in new[] { _folder.Path, second.Path })
        {
            await using var writer = await new AvroFilesRecordSink(new() { Folder = folder, Owner = "p.c.s", Codec = ContainerCodec.Deflate, BlockBytes = 40 },
                TimeProvider.System)
                .OpenAsync(new SinkPartition("alerts", 3, 1), Stop);
            await writer.WriteAsync(Packets.Records(0, 50), Stop);
            await writer.FlushAsync(50, Stop);
        }

        var name = Path.GetFileName(Directory.GetFiles(_folder.Path, "*.avro").Single());
        File.ReadAllBytes(second[name]).ShouldBe(File.ReadAllBytes(_folder[name]));
        Packets.IdsIn(second.Path).Count.ShouldBe(50);
    }

    [Fact]
    public async Task A_record_that_is_no_packet_is_refused()
    {
        await using var writer = await OpenAsync(epoch: 1);
        var bad = new[] { new StreamRecord { Value = new byte[] { 1, 2, 3 }, Offset = 0 } };
        (await Should.ThrowAsync<BadRecordException>(async () => await writer.WriteAsync(bad, Stop))).Message.ShouldContain("not an Avro container");
    }

    private Task<ISinkWriter> OpenAsync(long epoch, int maxRecords = 1000) =>
        new AvroFilesRecordSink(new() { Folder = _folder.Path, Owner = "pipeline.component.sink", MaxFileRecords = maxRecords }, TimeProvider.System)
            .OpenAsync(new SinkPartition("alerts", 3, epoch), Stop);

    private static FilePositions PositionsOf(string file) =>
        FilePositions.Parse(ContainerHeader.Parse(File.ReadAllBytes(file)).Metadata[FilePositions.MetadataKey]);
}
