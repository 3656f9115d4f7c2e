using Conductor.Domain.Streams.Processing;

namespace Conductor.Files.AvroFiles;

/// <summary>The files that a writer has open, one for each schema. Not thread-safe.</summary>
internal sealed class PartFiles(AvroFilesSinkOptions options, SinkPartition partition, FileNames names, PartitionFence fence, TimeProvider time)
{
    private readonly List<PartFile> _open = [];
    private long _appended;
    private bool _isUncertain;

    public int Count => _open.Count;

    /// <summary>The open file of a schema, or null.</summary>
    public PartFile? Find(string schema)
    {
        // Most often it is the very same text.
        foreach (var part in _open)
        {
            if (ReferenceEquals(part.Schema, schema)) return part;
        }

        if (_open.Find(part => part.Schema == schema) is { } equal) equal.Schema = schema;
        return _open.Find(part => ReferenceEquals(part.Schema, schema));
    }

    public PartFile Begin(long first, string schema)
    {
        var positions = new FilePositions(partition.Source, partition.Partition, partition.Epoch, first, first);
        var part = new PartFile(names.Finished(first, partition.Epoch), schema, options.Codec, positions, time.GetTimestamp());
        _open.Add(part);
        return part;
    }

    public void Append(PartFile part, ReadOnlySpan<byte> datum) => part.Append(datum, options.BlockBytes, ++_appended);

    public bool IsFull(PartFile part) => part.Length >= options.MaxFileBytes || part.Count >= options.MaxFileRecords;

    /// <summary>Commits everything that has been appended; false where there was nothing.</summary>
    public async Task<bool> SaveAsync(long next, CancellationToken cancellationToken)
    {
        var dirty = _open.FindAll(part => part.IsDirty);
        if (dirty.Count == 0) return false;
        // A commit that fails may have come about all the same.
        _isUncertain = true;
        // Waiting for the disk is not for the caller's thread.
        await Task.Run(() => dirty.ForEach(part => part.Save(next)), cancellationToken);
        await fence.CommitAsync(next, _open, cancellationToken);
        foreach (var part in dirty) part.Commit();
        _isUncertain = false;
        return true;
    }

    /// <summary>Finishes the files that are full or old enough and hold nothing that is not committed.</summary>
    public Task FinishDueAsync(CancellationToken cancellationToken) =>
        FinishAsync(_open.FindAll(part => !part.IsDirty && (IsFull(part) || time.GetElapsedTime(part.OpenedAt) >= options.MaxFileAge)), cancellationToken);

    /// <summary>Finishes the file that was used the longest ago; all must be committed.</summary>
    public Task FinishOldestAsync(CancellationToken cancellationToken) =>
        _open.MinBy(part => part.UsedAt) is { } oldest ? FinishAsync([oldest], cancellationToken) : Task.CompletedTask;

    /// <summary>Finishes what is committed and gives up the rest; what is uncertain is left to the next writer, who asks the fence.</summary>
    public async Task CloseAsync()
    {
        var committed = _isUncertain ? [] : _open.FindAll(part => part.Committed > 0);
        foreach (var part in committed.Where(part => part.IsDirty)) part.Truncate();
        var others = _open.Except(committed).ToList();
        _open.ForEach(part => part.Dispose());
        _open.Clear();
        if (!_isUncertain) others.ForEach(part => File.Delete(part.Part));
        if (committed.Count > 0) await fence.FinishAsync(committed, CancellationToken.None);
    }

    private async Task FinishAsync(List<PartFile> parts, CancellationToken cancellationToken)
    {
        if (parts.Count == 0) return;
        await fence.FinishAsync(parts, cancellationToken);
        foreach (var part in parts)
        {
            part.Dispose();
            _open.Remove(part);
        }
    }
}
