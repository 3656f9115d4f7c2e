using Conductor.Domain.Avro.Data;
using Conductor.Domain.Streams.Processing;
using Conductor.Files.Folders;
using Conductor.Files.Roots;

namespace Conductor.Files.Tests.Folders;

/// <summary>A folder of packets and a source that reads it.</summary>
internal sealed class FolderUnderTest : IDisposable
{
    public TemporaryFolder Folder { get; } = new();

    public TemporaryFolder State { get; } = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Folder.Dispose();
        State.Dispose();
    }

    public void Put(string name, byte[] content)
    {
        File.WriteAllBytes(Folder[name] + ".tmp", content);
        File.SetLastWriteTimeUtc(Folder[name] + ".tmp", DateTime.UtcNow.AddHours(-1));
        File.Move(Folder[name] + ".tmp", Folder[name]);
    }

    public async Task<IPartitionReader> OpenAsync(TimeSpan? settle = null, int maxPacketBytes = 16_000_000)
    {
        var source = new FolderRecordSource(
            new()
            {
                Folder = Folder.Path, Roots = new FolderRoots(Folder.Path, "sources", []), StateFolder = State["state"],
                Poll = TimeSpan.FromMilliseconds(10), Settle = settle ?? TimeSpan.FromSeconds(1), MaxPacketBytes = maxPacketBytes,
            },
            TimeProvider.System);
        await foreach (var reader in source.PartitionsAsync(Stop)) return reader;
        throw new InvalidOperationException("no partition");
    }

    public static async Task<List<Seen>> ReadAsync(IPartitionReader reader, long? from, int count)
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

/// <summary>A record as it came, with the ids of the alerts in it.</summary>
internal sealed record Seen(long Offset, byte[] Bytes, string? Fault, RecordOrigin Origin, List<long> Ids);
