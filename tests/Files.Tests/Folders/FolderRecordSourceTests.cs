using System.Buffers;
using System.IO.Compression;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Streams.Processing;
using Conductor.Files.Folders;
using Conductor.Files.Roots;

namespace Conductor.Files.Tests.Folders;

public sealed class FolderRecordSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _state = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _state.Dispose();
    }

    [Fact]
    public async Task Packets_come_in_the_order_of_their_names_and_new_ones_behind()
    {
        Put("b.avro", Packets.Of(2));
        Put("a.avro", Packets.Of(1));
        await using var reader = await OpenAsync();
        var read = ReadAsync(reader, from: null, count: 3);
        Put("0.avro", Packets.Of(3));
        (await read).Select(r => r.Ids.Single()).ShouldBe([1, 2, 3]);
        reader.Epoch.ShouldBe(1);
        reader.Source.ShouldBe(Path.GetFileName(_folder.Path));
    }

    [Fact]
    public async Task Reading_goes_on_after_the_last_packet_even_when_names_before_it_appear()
    {
        Put("b.avro", Packets.Of(1));
        Put("c.avro", Packets.Of(10, 11, 12));
        long position;
        await using (var reader = await OpenAsync())
        {
            var records = await ReadAsync(reader, from: null, count: 3);
            records.Select(r => r.Ids.Single()).ShouldBe([1, 10, 11]);
            position = records[^1].Offset + 1;
            await reader.CommitAsync(position, Stop);
        }

        Put("a.avro", Packets.Of(20));
        await using var again = await OpenAsync();
        again.Epoch.ShouldBe(2);
        var rest = await ReadAsync(again, from: null, count: 2);
        rest.Select(r => r.Ids.Single()).ShouldBe([12, 20]);
        (await again.LagAsync(rest[^1].Offset + 1, Stop)).ShouldBe(0);
        (await ReadAsync(again, from: position, count: 1)).Single().Ids.ShouldBe([12]);
    }

    [Fact]
    public async Task Damaged_and_vanished_files_are_packets_too()
    {
        var whole = Packets.Of(1, 2, 3);
        Put("a.avro", whole[..^5]);
        Put("b.avro", "no container"u8.ToArray());
        Put("c.avro", Packets.Of(4));
        Put("d.avro", []);
        await using var reader = await OpenAsync();
        var records = await ReadAsync(reader, from: null, count: 4);
        records[0].Bytes.ShouldBe(whole[..^5]);
        records[1].Bytes.ShouldBe("no container"u8.ToArray());
        records[2].Ids.ShouldBe([4]);
        records[3].Fault.ShouldBe("it is empty");
        records[0].Origin.Source.ShouldEndWith("a.avro");
        File.Delete(_folder["c.avro"]);
        (await ReadAsync(reader, from: records[2].Offset, count: 1)).Single().Fault.ShouldBe("it has gone");
    }

    [Fact]
    public async Task What_is_no_readable_file_is_set_aside_with_its_reason_and_the_rest_goes_on()
    {
        using var elsewhere = new TemporaryFolder();
        File.WriteAllBytes(elsewhere["secret.avro"], Packets.Of(99));
        Put("a.avro", Packets.Of(1));
        Run("mkfifo", _folder["b.avro"]);
        File.CreateSymbolicLink(_folder["c.avro"], _folder["c.avro"]);
        File.CreateSymbolicLink(_folder["d.avro"], elsewhere["secret.avro"]);
        File.CreateSymbolicLink(_folder["e.avro"], "/dev/zero");
        File.CreateSymbolicLink(_folder["f.avro"], _folder["a.avro"]);
        File.CreateSymbolicLink(_folder["g.avro"], _folder["nothing"]);
        Run("sh", "-c", $"cd '{_folder.Path}' && for n in '\\376' '\\377'; do : > \"$(printf \"h$n.avro\")\"; done");
        Put("z.avro", Packets.Of(2));
        await using var reader = await OpenAsync();
        var records = await ReadAsync(reader, from: null, count: 10);
        Run("sh", "-c", $"rm '{_folder.Path}'/h*");
        records.Select(record => (record.Origin.Source[(_folder.Path.Length + 1)..], Words(record))).Order().ShouldBe(
        [
            ("a.avro", "read 1"), ("b.avro", "it is no regular file"), ("c.avro", "its symbolic links go round"), ("d.avro", "lies in none of the folders"),
            ("e.avro", "lies in none of the folders"), ("f.avro", "read 1"), ("g.avro", "it has gone"), ("h\uFFFD.avro", "its name is not valid UTF-8"),
            ("h\uFFFD.avro (2)", "its name is not valid UTF-8"), ("z.avro", "read 2"),
        ]);
        (await reader.LagAsync(records[^1].Offset + 1, Stop)).ShouldBe(0);
    }

    [Fact]
    public async Task A_file_larger_than_a_packet_is_read_block_by_block()
    {
        var file = new List<byte>(Packets.Of(0, 1, 2));
        var header = ContainerHeader.Parse(file.ToArray()).Length;
        for (var i = 3; i < 3000; i += 3) file.AddRange(Packets.Of(i, i + 1, i + 2)[header..]);
        Put("a.avro", [.. file]);
        Put("b.avro", [.. file[..^7]]);
        Put("c.avro", Packets.Of(7));
        await using var reader = await OpenAsync(maxPacketBytes: 1000);
        var records = await ReadAsync(reader, from: null, count: 3002);
        records[..3000].Select(record => record.Ids.Single()).ShouldBe(Enumerable.Range(0, 3000).Select(i => (long)i));
        records[3000].Fault.ShouldNotBeNull().ShouldContain($"its {file.Count - 7} bytes are too many to be kept");
        records[3001].Ids.ShouldBe([7]);
        (await ReadAsync(reader, from: records[2900].Offset, count: 1)).Single().Ids.ShouldBe([2900]);
    }

    [Fact]
    public async Task Files_and_values_larger_than_a_packet_are_set_aside()
    {
        Put("a.avro", Long(1, 2000));
        Put("b.avro", [.. Long(2, 500), .. Long(3, 600)[ContainerHeader.Parse(Packets.Of(1)).Length..]]);
        File.WriteAllBytes(_folder["c.avro"], []);
        using (var sparse = File.OpenWrite(_folder["c.avro"])) sparse.SetLength(2_200_000_000);
        File.SetLastWriteTimeUtc(_folder["c.avro"], DateTime.UtcNow.AddHours(-1));
        Put("d.avro", Packets.Of(4));
        await using var reader = await OpenAsync(maxPacketBytes: 1000);
        var records = await ReadAsync(reader, from: null, count: 5);
        records.ConvertAll(record => record.Fault is null).ShouldBe([false, true, true, false, true]);
        records[0].Fault.ShouldNotBeNull().ShouldContain("at most 1000 are read at once");
        records[3].Fault.ShouldNotBeNull().ShouldContain("not an Avro container file");
        records[4].Ids.ShouldBe([4]);
    }

    [Fact]
    public async Task Many_small_values_under_a_large_schema_are_not_taken_apart()
    {
        var schema = Packets.Schema.Replace("\"fields\"", $"\"doc\":\"{new string('x', 300_000)}\",\"fields\"", StringComparison.Ordinal);
        Put("a.avro", Packets.Of(schema, [.. Enumerable.Range(0, 2000).Select(i => (long)i)]));
        await using var reader = await OpenAsync();
        (await ReadAsync(reader, from: null, count: 1)).Single().Fault.ShouldNotBeNull().ShouldContain("2000 values would take");
    }

    [Fact]
    public async Task A_container_made_to_cost_more_than_it_weighs_is_one_packet_or_set_aside()
    {
        var empty = Packets.Of("""{"type":"record","name":"E","fields":[]}""", values: [], count: 1_000_000);
        var bomb = Packets.Of("\"bytes\"", Deflated(50_000_000), count: 1, codec: "deflate");
        Put("a.avro", empty);
        Put("b.avro", bomb);
        Put("c.avro", Packets.Of($"\"{new string('x', 17_000_000)}\"", values: [], count: 1));
        Put("d.avro", Packets.Of(4));
        await using var reader = await OpenAsync();
        var records = await ReadAsync(reader, from: null, count: 4);
        records[0].Bytes.ShouldBe(empty);
        records[1].Bytes.ShouldBe(bomb);
        records[2].Fault.ShouldNotBeNull().ShouldContain("no header of at most");
        records[3].Ids.ShouldBe([4]);
    }

    private static byte[] Deflated(int zeros)
    {
        using var output = new MemoryStream();
        using (var deflater = new DeflateStream(output, CompressionLevel.SmallestSize)) deflater.Write(new byte[zeros]);
        return output.ToArray();
    }

    [Fact]
    public async Task Names_of_what_has_been_read_are_not_kept()
    {
        for (var i = 0; i < 300; i++) Put($"a-long-name-{i:D3}.avro", Packets.Of(i));
        await using (var reader = await OpenAsync())
        {
            var records = await ReadAsync(reader, from: null, count: 300);
            await reader.CommitAsync(records[299].Offset, Stop);
        }

        await using (await OpenAsync())
        {
            var order = File.ReadAllText(Path.Combine(_state["state"], "files"));
            order.Split('\n').Count(line => line.Contains("a-long-name", StringComparison.Ordinal)).ShouldBe(1, "the one that has not been read to its end");
        }

        File.Delete(_folder["a-long-name-000.avro"]);
        Put("b.avro", Packets.Of(1000));
        await using var again = await OpenAsync();
        (await ReadAsync(again, from: null, count: 2)).Select(record => record.Ids.Single()).ShouldBe([299, 1000]);
    }

    [Fact]
    public async Task An_order_of_files_as_it_was_noted_before_is_understood()
    {
        Directory.CreateDirectory(_state["state"]);
        File.WriteAllText(Path.Combine(_state["state"], "files"), "b.avro\na.avro\ncut of");
        File.WriteAllText(Path.Combine(_state["state"], "position"), $"{1L << 32}");
        foreach (var (name, id) in new[] { ("a", 1L), ("b", 2L), ("c", 3L) }) Put($"{name}.avro", Packets.Of(id));
        await using var reader = await OpenAsync();
        (await ReadAsync(reader, from: null, count: 2)).Select(record => record.Ids.Single()).ShouldBe([1, 3]);
        await Should.ThrowAsync<IOException>(() => ReadAsync(reader, from: 0, count: 1));
    }

    [Fact]
    public async Task A_folder_that_may_not_be_read_is_refused_when_it_is_opened()
    {
        using var elsewhere = new TemporaryFolder();
        Directory.CreateSymbolicLink(_folder["in"], elsewhere.Path);
        var options = new FolderSourceOptions { Folder = _folder["in"], Roots = new FolderRoots(_folder.Path, "sources", []), StateFolder = _state["state"] };
        await Should.ThrowAsync<UnauthorizedAccessException>(
            async () => await new FolderRecordSource(options, TimeProvider.System).PartitionsAsync(Stop).GetAsyncEnumerator(Stop).MoveNextAsync());
    }

    /// <summary>A packet with a text of that length.</summary>
    private static byte[] Long(long id, int length)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ContainerWriter(output, Packets.Schema, ContainerCodec.Null, new byte[16]);
        var datum = new ArrayBufferWriter<byte>();
        var values = new AvroWriter(datum);
        values.WriteLong(id);
        values.WriteString(new string('x', length));
        writer.Append(datum.WrittenSpan);
        writer.EndBlock();
        return output.WrittenSpan.ToArray();
    }

    private static string Words(Seen record)
    {
        const string elsewhere = "lies in none of the folders";
        return record.Fault is null ? $"read {record.Ids.Single()}" : record.Fault.Contains(elsewhere, StringComparison.Ordinal) ? elsewhere : record.Fault;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Unfinished_files_are_left_alone()
    {
        Put("x.avro.part", Packets.Of(1));
        Put(".y.avro", Packets.Of(2));
        File.WriteAllBytes(_folder["z.avro"], Packets.Of(3)[..20]);
        await using var reader = await OpenAsync(settle: TimeSpan.FromMinutes(10));
        var read = ReadAsync(reader, from: null, count: 1);
        File.WriteAllBytes(_folder["z.avro"], Packets.Of(3));
        Put("w.avro", Packets.Of(4));
        (await read).Single().Ids.ShouldBe([4]);
        File.SetLastWriteTimeUtc(_folder["z.avro"], DateTime.UtcNow.AddHours(-1));
        (await ReadAsync(reader, from: 1, count: 1)).Single().Ids.ShouldBe([3]);
    }

    [Fact]
    public async Task One_holder_at_a_time()
    {
        Put("a.avro", Packets.Of(1));
        var first = await OpenAsync();
        var second = OpenAsync();
        second.IsCompleted.ShouldBeFalse();
        await first.DisposeAsync();
        await using var reader = await second;
        reader.Epoch.ShouldBe(2);
    }

    [Fact]
    public async Task A_position_beyond_the_known_files_is_refused()
    {
        Put("a.avro", Packets.Of(1));
        await using var reader = await OpenAsync();
        (await Should.ThrowAsync<IOException>(() => ReadAsync(reader, from: 7L << 32, count: 1))).Message.ShouldContain("lost its order");
    }

    private void Put(string name, byte[] content)
    {
        File.WriteAllBytes(_folder[name] + ".tmp", content);
        File.SetLastWriteTimeUtc(_folder[name] + ".tmp", DateTime.UtcNow.AddHours(-1));
        File.Move(_folder[name] + ".tmp", _folder[name]);
    }

    private async Task<IPartitionReader> OpenAsync(TimeSpan? settle = null, int maxPacketBytes = 16_000_000)
    {
        var source = new FolderRecordSource(
            new()
            {
                Folder = _folder.Path, Roots = new FolderRoots(_folder.Path, "sources", []), StateFolder = _state["state"],
                Poll = TimeSpan.FromMilliseconds(10), Settle = settle ?? TimeSpan.FromSeconds(1), MaxPacketBytes = maxPacketBytes,
            },
            TimeProvider.System);
        await foreach (var reader in source.PartitionsAsync(Stop)) return reader;
        throw new InvalidOperationException("no partition");
    }

    private static async Task<List<Seen>> ReadAsync(IPartitionReader reader, long? from, int count)
    {
        var records = new List<Seen>();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        await foreach (var batch in reader.ReadAsync(from, deadline.Token))
        {
            using var _ = batch;
            foreach (var record in batch.Records.ToArray())
                records.Add(new Seen(record.Offset, record.Value.ToArray(), record.Fault, reader.OriginOf(record), Ids(record.Value)));
            if (records.Count >= count) return records[..count];
        }

        return records;
    }

    private sealed record Seen(long Offset, byte[] Bytes, string? Fault, RecordOrigin Origin, List<long> Ids);

    private static List<long> Ids(ReadOnlyMemory<byte> packet)
    {
        try
        {
            return Packets.IdsOf(packet);
        }
        catch (AvroDataException)
        {
            return [];
        }
    }
}
