using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Streams.Brokers;
using Conductor.Files.Folders;

namespace Conductor.Files.AvroFiles;

/// <summary>
/// Lets one writer of a partition commit and finish files: the one with the highest epoch. Works between processes by a lock that the system gives back
/// when its holder dies.
/// </summary>
internal sealed class PartitionFence(FileNames names, long epoch, TimeProvider time)
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Shuts out earlier writers, finishes what they have committed, removes the rest, and tells how far the files go.</summary>
    public async Task<long?> TakeOverAsync(CancellationToken cancellationToken)
    {
        using var held = await LockAsync(cancellationToken);
        var latest = FenceRecord.Read(names.Fence) ?? new FenceRecord(0, LastPosition(), []);
        if (latest.Epoch > epoch) throw Fenced(latest.Epoch);
        // From here on an earlier writer that still lives commits nothing more.
        (latest with { Epoch = epoch }).Write(names.Fence);
        foreach (var (name, length) in latest.Open) Recover(names.InFolder(name), length);
        foreach (var part in names.Parts().ToList()) File.Delete(part);
        Durable.Folder(names.Folder);
        if (latest.Open.Count > 0) new FenceRecord(epoch, latest.Position, []).Write(names.Fence);
        return latest.Position;
    }

    /// <summary>Notes in one step how far the source has been dealt with and how long the open files are, all of which must be on disk.</summary>
    public async Task CommitAsync(long next, IReadOnlyList<PartFile> open, CancellationToken cancellationToken)
    {
        using var held = await LockAsync(cancellationToken);
        Check();
        new FenceRecord(epoch, next, [.. open.Select(part => (Path.GetFileName(part.Finished), part.Length))]).Write(names.Fence);
    }

    /// <summary>Gives committed files their names. The fence need not know at once: who finds no unfinished file knows that it is finished.</summary>
    public async Task FinishAsync(IReadOnlyList<PartFile> parts, CancellationToken cancellationToken)
    {
        using var held = await LockAsync(cancellationToken);
        Check();
        foreach (var part in parts) File.Move(part.Part, part.Finished, overwrite: false);
        Durable.Folder(names.Folder);
    }

    private void Check()
    {
        if (FenceRecord.Read(names.Fence) is var latest && latest?.Epoch != epoch) throw Fenced(latest?.Epoch ?? 0);
    }

    /// <summary>A copy: a writer of an earlier epoch that still lives may go on writing to what it has open.</summary>
    private static void Recover(string finished, long length)
    {
        var (part, copy) = (finished + ".part", finished + ".copy");
        if (!File.Exists(part) || File.Exists(finished)) return;
        File.Copy(part, copy, overwrite: true);
        using (var file = new FileStream(copy, FileMode.Open, FileAccess.Write))
        {
            if (file.Length < length) throw new IOException($"{part} has {file.Length} bytes; {length} were committed");
            file.SetLength(length);
            file.Flush(flushToDisk: true);
        }

        File.Move(copy, finished);
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        FileStream? held;
        while ((held = LockFile.TryTake(names.Lock)) is null) await Task.Delay(RetryEvery, time, cancellationToken);
        return held;
    }

    /// <summary>Where the fence has gone, the finished files tell.</summary>
    private long? LastPosition()
    {
        long? last = null;
        foreach (var file in names.AllFinished())
        {
            using var handle = File.OpenHandle(file);
            var header = BlockFile.HeaderOf(handle, new ContainerHeaderCache());
            if (!header.Metadata.TryGetValue(FilePositions.MetadataKey, out var positions))
                throw new InvalidDataException($"{file} has the name of a sink's file, but not its {FilePositions.MetadataKey}");
            last = Math.Max(last ?? 0, FilePositions.Parse(positions).Next);
        }

        return last;
    }

    private FencedException Fenced(long latest) => new($"a writer of epoch {latest} has taken over from epoch {epoch}");
}
