using System.Runtime.CompilerServices;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Files.Folders;

/// <summary>Reads a folder's files while this process holds its state.</summary>
internal sealed class FolderPartitionReader(FolderSourceOptions options, FolderState state, TimeProvider time) : IPartitionReader
{
    private readonly SettledFiles _settled = new(options, time);
    private readonly PacketFile _packets = new(new ContainerHeaderCache());

    public string Source { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(options.Folder));

    public int Partition => 0;

    public long Epoch => state.Epoch;

    public CancellationToken Revoked => CancellationToken.None;

    public async IAsyncEnumerable<StreamBatch> ReadAsync(long? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = from ?? state.Committed ?? 0;
        state.Expect(next);
        var collected = new StreamBatchBuilder();
        for (var file = FolderOffset.FileOf(next); ; file++, next = FolderOffset.Of(file, 0))
        {
            await foreach (var batch in WaitForAsync(file, collected, cancellationToken)) yield return batch;
            long value = 0;
            foreach (var packet in _packets.Packets(await ReadFileAsync(file, cancellationToken)))
            {
                if (value++ < FolderOffset.ValueOf(next)) continue;
                collected.Add(new StreamRecord { Value = packet, Offset = FolderOffset.Of(file, value - 1), Timestamp = WrittenAt(file) });
                if (collected.Count >= options.BatchRecords || collected.Bytes >= options.BatchBytes) yield return collected.Build();
            }
        }
    }

    public Task CommitAsync(long nextOffset, CancellationToken cancellationToken)
    {
        state.Commit(nextOffset);
        return Task.CompletedTask;
    }

    public Task<long> LagAsync(long nextOffset, CancellationToken cancellationToken) =>
        // The values of a file are not counted before it is read: a file counts as one.
        Task.FromResult<long>(Math.Max(0, state.Files.Count - FolderOffset.FileOf(nextOffset) - (FolderOffset.ValueOf(nextOffset) > 0 ? 1 : 0)));

    public RecordOrigin OriginOf(in StreamRecord record) =>
        new(Path.Combine(options.Folder, state.Files[FolderOffset.FileOf(record.Offset)]), $"value {FolderOffset.ValueOf(record.Offset)}");

    public ValueTask DisposeAsync()
    {
        state.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Returns when there is a file of that number; what was collected before is handed over rather than kept waiting.</summary>
    private async IAsyncEnumerable<StreamBatch> WaitForAsync(
        int file, StreamBatchBuilder collected, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (file >= state.Files.Count)
        {
            var started = time.GetTimestamp();
            state.Add(_settled.Find(state.Knows));
            if (file < state.Files.Count) break;
            if (collected.Count > 0) yield return collected.Build();
            // A folder that takes long to list is listed less often.
            var pause = time.GetElapsedTime(started) * 10;
            await Task.Delay(pause > options.Poll ? pause : options.Poll, time, cancellationToken);
        }
    }

    /// <summary>A file that has gone since it was found is a packet without bytes, which is counted and set aside like any that cannot be read.</summary>
    private async Task<ReadOnlyMemory<byte>> ReadFileAsync(int file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(Path.Combine(options.Folder, state.Files[file]), cancellationToken);
        }
        catch (FileNotFoundException)
        {
            return default;
        }
    }

    private DateTimeOffset WrittenAt(int file) => new(File.GetLastWriteTimeUtc(Path.Combine(options.Folder, state.Files[file])), TimeSpan.Zero);
}
