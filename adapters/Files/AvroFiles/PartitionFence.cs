using System.Globalization;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Streams.Brokers;

namespace Conductor.Files.AvroFiles;

/// <summary>
/// Lets one writer of a partition finish files: the one with the highest epoch. Works between processes by a lock that the system gives back
/// when its holder dies.
/// </summary>
internal sealed class PartitionFence(FileNames names, long epoch)
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Shuts out earlier writers, removes what they left unfinished, and tells how far the finished files go.</summary>
    public async Task<long?> TakeOverAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var held = await LockAsync(time, cancellationToken);
        var (latest, position) = Read();
        if (latest > epoch) throw Fenced(latest);
        Write(position);
        foreach (var part in names.Parts().ToList()) File.Delete(part);
        var durable = names.LastFinished() is { } last ? await PositionOfAsync(last, cancellationToken) : null;
        return durable > position || position is null ? durable : position;
    }

    /// <summary>Gives a complete, durable file its name, if no later writer has been opened.</summary>
    public async Task FinishAsync(string part, string finished, long next, TimeProvider time, CancellationToken cancellationToken)
    {
        using var held = await LockAsync(time, cancellationToken);
        var (latest, _) = Read();
        if (latest != epoch) throw Fenced(latest);
        File.Move(part, finished, overwrite: false);
        Durable.Folder(Path.GetDirectoryName(finished)!);
        // Files may be taken away from the folder; the position stays.
        Write(next);
    }

    private async Task<FileStream> LockAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(names.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
            {
                await Task.Delay(RetryEvery, time, cancellationToken);
            }
        }
    }

    private (long Epoch, long? Position) Read()
    {
        if (!File.Exists(names.Fence)) return (0, null);
        var parts = File.ReadAllText(names.Fence).Split(' ');
        return (long.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length > 1 ? long.Parse(parts[1], CultureInfo.InvariantCulture) : null);
    }

    private void Write(long? position) =>
        Durable.Replace(names.Fence,
            System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{epoch}{(position is null ? "" : " ")}{position}")));

    private static async Task<long?> PositionOfAsync(string file, CancellationToken cancellationToken)
    {
        var header = ContainerHeader.Parse(await File.ReadAllBytesAsync(file, cancellationToken));
        return header.Metadata.TryGetValue(FilePositions.MetadataKey, out var positions)
            ? FilePositions.Parse(positions).Next
            : throw new InvalidDataException($"{file} has the name of a sink's file, but not its {FilePositions.MetadataKey}");
    }

    private FencedException Fenced(long latest) => new($"a writer of epoch {latest} has taken over from epoch {epoch}");
}
