using Conductor.Domain.Streams.Processing;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// The position of a lane as its source keeps it, for those who look from outside: lags of groups, names of files that are done. A lane goes on from its
/// checkpoint, which is the one position that counts; this one follows behind it, without a transaction of its own for each.
/// </summary>
internal sealed class SourcePosition(IPartitionReader reader, TimeProvider time)
{
    /// <summary>So far behind at most.</summary>
    public static readonly TimeSpan Behind = TimeSpan.FromSeconds(10);

    private long? _saved;
    private long _since = time.GetTimestamp();

    /// <summary>A checkpoint has been saved.</summary>
    public void Saved(long nextOffset) => _saved = nextOffset;

    /// <summary>Follows the last checkpoint, if that is due.</summary>
    /// <param name="atOnce">Whether it is in any case: the lane ends.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Domain.Streams.Brokers.FencedException">Somebody else holds the partition.</exception>
    public async Task FollowAsync(bool atOnce, CancellationToken cancellationToken)
    {
        if (_saved is not { } next || !(atOnce || time.GetElapsedTime(_since) >= Behind)) return;
        await reader.CommitAsync(next, cancellationToken);
        (_saved, _since) = (null, time.GetTimestamp());
    }
}
