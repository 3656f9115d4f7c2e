using Conductor.Domain.Streams.Processing;
using Conductor.Files.Folders;

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
        await using var reader = await OpenAsync();
        var records = await ReadAsync(reader, from: null, count: 3);
        records[0].Bytes.ShouldBe(whole[..^5]);
        records[1].Bytes.ShouldBe("no container"u8.ToArray());
        records[2].Ids.ShouldBe([4]);
        records[0].Origin.Source.ShouldEndWith("a.avro");
        File.Delete(_folder["c.avro"]);
        (await ReadAsync(reader, from: records[2].Offset, count: 1)).Single().Bytes.ShouldBeEmpty();
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

    private async Task<IPartitionReader> OpenAsync(TimeSpan? settle = null)
    {
        var source = new FolderRecordSource(
            new() { Folder = _folder.Path, StateFolder = _state["state"], Poll = TimeSpan.FromMilliseconds(10), Settle = settle ?? TimeSpan.FromSeconds(1) },
            TimeProvider.System);
        await foreach (var reader in source.PartitionsAsync(Stop)) return reader;
        throw new InvalidOperationException("no partition");
    }

    private static async Task<List<(long Offset, byte[] Bytes, RecordOrigin Origin, List<long> Ids)>> ReadAsync(IPartitionReader reader, long? from, int count)
    {
        var records = new List<(long, byte[], RecordOrigin, List<long>)>();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        await foreach (var batch in reader.ReadAsync(from, deadline.Token))
        {
            using var _ = batch;
            foreach (var record in batch.Records.ToArray()) records.Add((record.Offset, record.Value.ToArray(), reader.OriginOf(record), Ids(record.Value)));
            if (records.Count >= count) return records[..count];
        }

        return records;
    }

    private static List<long> Ids(ReadOnlyMemory<byte> packet)
    {
        try
        {
            return Packets.IdsOf(packet);
        }
        catch (Domain.Avro.Data.AvroDataException)
        {
            return [];
        }
    }
}
