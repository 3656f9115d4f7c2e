using System.Runtime.CompilerServices;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;
using Microsoft.Win32.SafeHandles;

namespace Conductor.Files.Folders;

/// <summary>Reads a folder's files while this process holds its state.</summary>
internal sealed class FolderPartitionReader(FolderSourceOptions options, FolderState state, TimeProvider time) : IPartitionReader
{
    private readonly SettledFiles _settled = new(options, time);
    private readonly PacketFile _packets = new(new ContainerHeaderCache(), options.MaxPacketBytes);

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
            foreach (var record in RecordsOf(file, FolderOffset.ValueOf(next), cancellationToken))
            {
                collected.Add(record);
                if (collected.Count >= options.BatchRecords || collected.Bytes >= options.BatchBytes) yield return collected.Build();
            }
        }
    }

    /// <summary>A folder's files have numbers that are used once.</summary>
    public Task<int> GenerationAsync(CancellationToken cancellationToken) => Task.FromResult(0);

    public Task CommitAsync(long nextOffset, CancellationToken cancellationToken)
    {
        state.Commit(nextOffset);
        return Task.CompletedTask;
    }

    public Task<long> LagAsync(long nextOffset, CancellationToken cancellationToken) =>
        // The values of a file are not counted before it is read: a file counts as one.
        Task.FromResult<long>(Math.Max(0, state.Count - FolderOffset.FileOf(nextOffset) - (FolderOffset.ValueOf(nextOffset) > 0 ? 1 : 0)));

    public RecordOrigin OriginOf(in StreamRecord record) =>
        new(PathOf(FolderOffset.FileOf(record.Offset)), $"value {FolderOffset.ValueOf(record.Offset)}");

    public ValueTask DisposeAsync()
    {
        state.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Returns when there is a file of that number; what was collected before is handed over rather than kept waiting.</summary>
    private async IAsyncEnumerable<StreamBatch> WaitForAsync(
        int file, StreamBatchBuilder collected, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (file >= state.Count)
        {
            var started = time.GetTimestamp();
            state.Add(_settled.Find(state.Sees, cancellationToken));
            if (file < state.Count) break;
            if (collected.Count > 0) yield return collected.Build();
            // A folder that takes long to list is listed less often.
            var pause = time.GetElapsedTime(started) * 10;
            await Task.Delay(pause > options.Poll ? pause : options.Poll, time, cancellationToken);
        }
    }

    /// <summary>A file's records from a value on. One that cannot be read is a record that says why, which is counted and set aside like any bad one.</summary>
    private IEnumerable<StreamRecord> RecordsOf(int file, long from, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var opened = TryOpen(PathOf(file), out var length, out var fault);
        if (opened is null)
        {
            if (from == 0) yield return new StreamRecord { Value = default, Offset = FolderOffset.Of(file, 0), Fault = fault };
            yield break;
        }

        var written = new DateTimeOffset(File.GetLastWriteTimeUtc(opened), TimeSpan.Zero);
        long value = 0;
        foreach (var packet in _packets.Packets(opened, length, cancellationToken))
        {
            if (value++ < from) continue;
            yield return new StreamRecord { Value = packet.Bytes, Offset = FolderOffset.Of(file, value - 1), Timestamp = written, Fault = packet.Fault };
        }
    }

    private SafeFileHandle? TryOpen(string path, out long length, out string? fault)
    {
        (length, fault) = (0, null);
        try
        {
            return SourceFile.Open(path, options.Roots, out length);
        }
        catch (UnreadableFileException e)
        {
            fault = e.Message;
            return null;
        }
    }

    private string PathOf(int file) => Path.Combine(options.Folder, state.NameOf(file));
}
