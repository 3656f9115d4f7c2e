using Conductor.Files.Folders;
using Conductor.Files.Roots;

namespace Conductor.Files.Tests.Folders;

public sealed class FolderRecordSourceTests : IDisposable
{
    private readonly FolderUnderTest _files = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Packets_come_in_the_order_of_their_names_and_new_ones_behind()
    {
        _files.Put("b.avro", Packets.Of(2));
        _files.Put("a.avro", Packets.Of(1));
        await using var reader = await _files.OpenAsync();
        var read = FolderUnderTest.ReadAsync(reader, from: null, count: 3);
        _files.Put("0.avro", Packets.Of(3));
        (await read).Select(r => r.Ids.Single()).ShouldBe([1, 2, 3]);
        reader.Epoch.ShouldBe(1);
        reader.Source.ShouldBe(Path.GetFileName(_files.Folder.Path));
    }

    [Fact]
    public async Task Reading_goes_on_after_the_last_packet_even_when_names_before_it_appear()
    {
        _files.Put("b.avro", Packets.Of(1));
        _files.Put("c.avro", Packets.Of(10, 11, 12));
        long position;
        await using (var reader = await _files.OpenAsync())
        {
            var records = await FolderUnderTest.ReadAsync(reader, from: null, count: 3);
            records.Select(r => r.Ids.Single()).ShouldBe([1, 10, 11]);
            position = records[^1].Offset + 1;
            await reader.CommitAsync(position, Stop);
        }

        _files.Put("a.avro", Packets.Of(20));
        await using var again = await _files.OpenAsync();
        again.Epoch.ShouldBe(2);
        var rest = await FolderUnderTest.ReadAsync(again, from: null, count: 2);
        rest.Select(r => r.Ids.Single()).ShouldBe([12, 20]);
        (await again.LagAsync(rest[^1].Offset + 1, Stop)).ShouldBe(0);
        (await FolderUnderTest.ReadAsync(again, from: position, count: 1)).Single().Ids.ShouldBe([12]);
    }

    [Fact]
    public async Task Damaged_and_vanished_files_are_packets_too()
    {
        var whole = Packets.Of(1, 2, 3);
        _files.Put("a.avro", whole[..^5]);
        _files.Put("b.avro", "no container"u8.ToArray());
        _files.Put("c.avro", Packets.Of(4));
        _files.Put("d.avro", []);
        await using var reader = await _files.OpenAsync();
        var records = await FolderUnderTest.ReadAsync(reader, from: null, count: 4);
        records[0].Bytes.ShouldBe(whole[..^5]);
        records[1].Bytes.ShouldBe("no container"u8.ToArray());
        records[2].Ids.ShouldBe([4]);
        records[3].Fault.ShouldBe("it is empty");
        records[0].Origin.Source.ShouldEndWith("a.avro");
        File.Delete(_files.Folder["c.avro"]);
        (await FolderUnderTest.ReadAsync(reader, from: records[2].Offset, count: 1)).Single().Fault.ShouldBe("it has gone");
    }

    [Fact]
    public async Task Names_of_what_has_been_read_are_not_kept()
    {
        for (var i = 0; i < 300; i++) _files.Put($"a-long-name-{i:D3}.avro", Packets.Of(i));
        await using (var reader = await _files.OpenAsync())
        {
            var records = await FolderUnderTest.ReadAsync(reader, from: null, count: 300);
            await reader.CommitAsync(records[299].Offset, Stop);
        }

        await using (await _files.OpenAsync())
        {
            var order = File.ReadAllText(Path.Combine(_files.State["state"], "files"));
            order.Split('\n').Count(line => line.Contains("a-long-name", StringComparison.Ordinal)).ShouldBe(1, "the one that has not been read to its end");
        }

        File.Delete(_files.Folder["a-long-name-000.avro"]);
        _files.Put("b.avro", Packets.Of(1000));
        await using var again = await _files.OpenAsync();
        (await FolderUnderTest.ReadAsync(again, from: null, count: 2)).Select(record => record.Ids.Single()).ShouldBe([299, 1000]);
    }

    [Fact]
    public async Task An_order_of_files_as_it_was_noted_before_is_understood()
    {
        Directory.CreateDirectory(_files.State["state"]);
        File.WriteAllText(Path.Combine(_files.State["state"], "files"), "b.avro\na.avro\ncut of");
        File.WriteAllText(Path.Combine(_files.State["state"], "position"), $"{1L << 32}");
        foreach (var (name, id) in new[] { ("a", 1L), ("b", 2L), ("c", 3L) }) _files.Put($"{name}.avro", Packets.Of(id));
        await using var reader = await _files.OpenAsync();
        (await FolderUnderTest.ReadAsync(reader, from: null, count: 2)).Select(record => record.Ids.Single()).ShouldBe([1, 3]);
        await Should.ThrowAsync<IOException>(() => FolderUnderTest.ReadAsync(reader, from: 0, count: 1));
    }

    [Fact]
    public async Task A_folder_that_may_not_be_read_is_refused_when_it_is_opened()
    {
        using var elsewhere = new TemporaryFolder();
        Directory.CreateSymbolicLink(_files.Folder["in"], elsewhere.Path);
        var options = new FolderSourceOptions
        {
            Folder = _files.Folder["in"], Roots = new FolderRoots(_files.Folder.Path, "sources", []), StateFolder = _files.State["state"]
        };
        await Should.ThrowAsync<UnauthorizedAccessException>(
            async () => await new FolderRecordSource(options, TimeProvider.System).PartitionsAsync(Stop).GetAsyncEnumerator(Stop).MoveNextAsync());
    }

    [Fact]
    public async Task Unfinished_files_are_left_alone()
    {
        _files.Put("x.avro.part", Packets.Of(1));
        _files.Put(".y.avro", Packets.Of(2));
        File.WriteAllBytes(_files.Folder["z.avro"], Packets.Of(3)[..20]);
        await using var reader = await _files.OpenAsync(settle: TimeSpan.FromMinutes(10));
        var read = FolderUnderTest.ReadAsync(reader, from: null, count: 1);
        File.WriteAllBytes(_files.Folder["z.avro"], Packets.Of(3));
        _files.Put("w.avro", Packets.Of(4));
        (await read).Single().Ids.ShouldBe([4]);
        File.SetLastWriteTimeUtc(_files.Folder["z.avro"], DateTime.UtcNow.AddHours(-1));
        (await FolderUnderTest.ReadAsync(reader, from: 1, count: 1)).Single().Ids.ShouldBe([3]);
    }

    [Fact]
    public async Task One_holder_at_a_time()
    {
        _files.Put("a.avro", Packets.Of(1));
        var first = await _files.OpenAsync();
        var second = _files.OpenAsync();
        second.IsCompleted.ShouldBeFalse();
        await first.DisposeAsync();
        await using var reader = await second;
        reader.Epoch.ShouldBe(2);
    }

    [Fact]
    public async Task A_position_beyond_the_known_files_is_refused()
    {
        _files.Put("a.avro", Packets.Of(1));
        await using var reader = await _files.OpenAsync();
        (await Should.ThrowAsync<IOException>(() => FolderUnderTest.ReadAsync(reader, from: 7L << 32, count: 1))).Message.ShouldContain("lost its order");
    }
}
