using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Conductor.Files.AvroFiles;
using Conductor.Files.Roots;
using Microsoft.Extensions.Time.Testing;

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
    public async Task Limits_begin_new_files_without_losing_the_position()
    {
        var writer = await OpenAsync(epoch: 1, maxRecords: 2);
        await writer.WriteAsync(Packets.Records(0, 5), Stop);
        writer.Position.ShouldBe(4);
        await writer.DisposeAsync();
        Packets.IdsIn(_folder.Path).ShouldBe([0, 1, 2, 3]);
        await using var again = await OpenAsync(epoch: 2);
        again.Position.ShouldBe(4);
    }

    [Fact]
    public async Task Schemas_that_alternate_keep_one_file_each()
    {
        var started = TimeProvider.System.GetTimestamp();
        await using (var writer = await OpenAsync(epoch: 1, maxAge: TimeSpan.FromHours(1)))
        {
            for (var i = 0; i < 400; i += 40)
            {
                await writer.WriteAsync(Alternating(i, 40, schemas: 2), Stop);
                await writer.FlushAsync(i + 40, Stop);
                writer.Position.ShouldBe(i + 40);
            }

            Directory.GetFiles(_folder.Path, "*.avro.part").Length.ShouldBe(2);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"400 records of 2 schemas in {TimeProvider.System.GetElapsedTime(started).TotalMilliseconds:N0} ms");
        Directory.GetFiles(_folder.Path, "*.avro").Length.ShouldBe(2);
        Packets.IdsIn(_folder.Path).Order().ShouldBe(Enumerable.Range(0, 400).Select(i => (long)i));
    }

    [Fact]
    public async Task The_file_that_was_used_the_longest_ago_is_finished_for_another_schema()
    {
        await using var writer = await OpenAsync(epoch: 1, maxAge: TimeSpan.FromHours(1), maxOpen: 3);
        await writer.WriteAsync(Alternating(0, 3, schemas: 3), Stop);
        await writer.WriteAsync(Alternating(3, 1, schemas: 3), Stop);
        Directory.GetFiles(_folder.Path, "*.avro").ShouldBeEmpty();
        await writer.WriteAsync(new[] { new StreamRecord { Value = Packets.Of(Packets.SchemaNamed("Fourth"), 4), Offset = 4 } }, Stop);
        Packets.IdsIn(_folder.Path).ShouldBe([1]);
        writer.Position.ShouldBe(4);
    }

    [Fact]
    public async Task Files_stay_open_over_flushes_and_what_was_flushed_survives()
    {
        var killed = await OpenAsync(epoch: 1, maxAge: TimeSpan.FromHours(1));
        for (var i = 0; i < 50; i += 10)
        {
            await killed.WriteAsync(Alternating(i, 10, schemas: 2), Stop);
            if (i < 40) await killed.FlushAsync(i + 10, Stop);
        }

        Directory.GetFiles(_folder.Path, "*.avro").ShouldBeEmpty();
        await using var writer = await OpenAsync(epoch: 2);
        writer.Position.ShouldBe(40);
        Packets.IdsIn(_folder.Path).Order().ShouldBe(Enumerable.Range(0, 40).Select(i => (long)i));
        Directory.GetFiles(_folder.Path, "*.part").ShouldBeEmpty();
        // The killed one may still live for a while.
        await killed.WriteAsync(Alternating(50, 500, schemas: 2), Stop);
        await Should.ThrowAsync<FencedException>(async () => await killed.FlushAsync(550, Stop));
        await killed.DisposeAsync();
        await writer.WriteAsync(Alternating(30, 30, schemas: 2), Stop);
        await writer.FlushAsync(60, Stop);
        Packets.IdsIn(_folder.Path).Order().ShouldBe(Enumerable.Range(0, 60).Select(i => (long)i));
    }

    [Fact]
    public async Task A_file_comes_of_age_while_nothing_is_written()
    {
        var time = new FakeTimeProvider();
        await using var writer = await OpenAsync(epoch: 1, maxAge: TimeSpan.FromMinutes(1), time: time);
        await writer.WriteAsync(Packets.Records(0, 3), Stop);
        time.Advance(TimeSpan.FromMinutes(1));
        Directory.GetFiles(_folder.Path, "*.avro").ShouldBeEmpty("it holds what is not flushed");
        await writer.FlushAsync(3, Stop);
        Packets.IdsIn(_folder.Path).ShouldBe([0, 1, 2], "its minute is over");
        await writer.WriteAsync(Packets.Records(3, 3), Stop);
        await writer.FlushAsync(6, Stop);
        Directory.GetFiles(_folder.Path, "*.avro").ShouldHaveSingleItem();
        time.Advance(TimeSpan.FromMinutes(1));
        await writer.FlushAsync(6, Stop);
        Packets.IdsIn(_folder.Path).ShouldBe([0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Whatever_is_killed_when_every_record_is_in_one_file()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (next, epoch) = (0L, 0L);
        for (var life = 0; life < 12 || next < 120; life++)
        {
            var writer = await OpenAsync(++epoch, maxRecords: random.Next(3, 60), maxAge: TimeSpan.FromHours(random.Next(2)), maxOpen: random.Next(1, 5));
            next = random.Next(2) == 0 ? writer.Position ?? 0 : Math.Max(0, (writer.Position ?? 0) - random.Next(20));
            for (var step = random.Next(6); step > 0; step--)
            {
                var count = random.Next(1, 30);
                await writer.WriteAsync(Alternating((int)next, count, schemas: 4), Stop);
                next += count;
                if (random.Next(2) == 0) await writer.FlushAsync(next, Stop);
            }

            if (random.Next(3) == 0) await writer.DisposeAsync();
        }

        await using (var last = await OpenAsync(++epoch))
        {
            var position = last.Position ?? 0;
            next = Math.Max(next, position);
            await last.WriteAsync(Alternating((int)position, (int)(next - position), schemas: 4), Stop);
            await last.FlushAsync(next, Stop);
        }

        Packets.IdsIn(_folder.Path).Order().ShouldBe(Enumerable.Range(0, (int)next).Select(i => (long)i), $"seed {seed}");
    }

    [Fact]
    public async Task Where_the_fence_has_gone_the_headers_of_the_files_tell_the_position()
    {
        await using (var writer = await OpenAsync(epoch: 1))
        {
            await writer.WriteAsync(Packets.Records(0, 5), Stop);
            await writer.FlushAsync(9, Stop);
        }

        File.Delete(Directory.GetFiles(_folder.Path, ".*.fence").Single());
        // Not all of a file is read: here it would not fit.
        using (var file = File.OpenWrite(Directory.GetFiles(_folder.Path, "*.avro").Single())) file.SetLength(3_000_000_000);
        await using var again = await OpenAsync(epoch: 2);
        again.Position.ShouldBe(9);
    }

    [Fact]
    public async Task A_folder_that_may_not_be_written_is_refused_when_it_is_opened()
    {
        using var elsewhere = new TemporaryFolder();
        Directory.CreateSymbolicLink(_folder["out"], elsewhere.Path);
        var options = new AvroFilesSinkOptions { Folder = _folder["out"], Roots = new FolderRoots(_folder.Path, "sources", []), Owner = "p.c.s" };
        await Should.ThrowAsync<UnauthorizedAccessException>(
            () => new AvroFilesRecordSink(options, TimeProvider.System).OpenAsync(new SinkPartition("alerts", 3, 1), Stop));
        Directory.GetFileSystemEntries(elsewhere.Path).ShouldBeEmpty();
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
            var options = new AvroFilesSinkOptions
            {
                Folder = folder, Roots = new FolderRoots(folder, "sources", []), Owner = "p.c.s", Codec = ContainerCodec.Deflate, BlockBytes = 40,
                MaxFileAge = TimeSpan.Zero,
            };
            await using var writer = await new AvroFilesRecordSink(options, TimeProvider.System).OpenAsync(new SinkPartition("alerts", 3, 1), Stop);
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

    private Task<ISinkWriter> OpenAsync(long epoch, int maxRecords = 1000, TimeSpan maxAge = default, int maxOpen = 32, TimeProvider? time = null)
    {
        var options = new AvroFilesSinkOptions
        {
            Folder = _folder.Path, Roots = new FolderRoots(_folder.Path, "sources", []), Owner = "pipeline.component.sink", MaxFileRecords = maxRecords,
            MaxFileAge = maxAge, MaxOpenFiles = maxOpen,
        };
        return new AvroFilesRecordSink(options, time ?? TimeProvider.System).OpenAsync(new SinkPartition("alerts", 3, epoch), Stop);
    }

    private static StreamRecord[] Alternating(int first, int count, int schemas) =>
    [
        .. Enumerable.Range(first, count).Select(i => new StreamRecord { Value = Packets.Of(Packets.SchemaNamed($"Alert{i % schemas}"), i), Offset = i }),
    ];

    private static FilePositions PositionsOf(string file) =>
        FilePositions.Parse(ContainerHeader.Parse(File.ReadAllBytes(file)).Metadata[FilePositions.MetadataKey]);
}
