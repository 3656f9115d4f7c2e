using System.Runtime.InteropServices;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// What went wrong with single records of a lane, across its starts. A step that fails for a reason that is no outage is tried again with a writer of
/// its own; the record that fails it every time is a bad record then, so that it does not hold up the others for ever.
/// </summary>
internal sealed class RecordFaults
{
    private const int Attempts = 3;
    private readonly Dictionary<Place, (int Times, Exception Last)> _faults = [];
    private readonly HashSet<Place> _refused = [];

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(string Step, long Offset);

    /// <summary>Whether the same would happen to any other record just now: a server or a disk that is away or full, somebody who has taken over.</summary>
    public static bool IsOutage(Exception e) => e is StreamUnavailableException or FencedException or UnknownTopicException or OperationCanceledException
        or IOException or UnauthorizedAccessException or TimeoutException;

    public void Note(string step, long offset, Exception fault)
    {
        var place = new Place(step, offset);
        _faults[place] = (_faults.GetValueOrDefault(place).Times + 1, fault);
    }

    /// <summary>Why a record is not to be tried once more; null when it is.</summary>
    public BadRecordException? VerdictOf(string step, long offset) =>
        _faults.Count > 0 && _faults.TryGetValue(new(step, offset), out var fault) && fault.Times >= Attempts ? Of(fault.Last) : null;

    /// <summary>Notes that a step was spared a record, which is a dead letter now.</summary>
    public void Refuse(string step, long offset) => _refused.Add(new(step, offset));

    /// <summary>Whether a step was spared a record.</summary>
    public bool IsRefused(string step, long offset) => _refused.Count > 0 && _refused.Contains(new(step, offset));

    /// <summary>Positions before an offset are done with.</summary>
    public void Forget(long next)
    {
        _refused.RemoveWhere(p => p.Offset < next);
        foreach (var place in _faults.Keys.Where(p => p.Offset < next).ToList()) _faults.Remove(place);
    }

    /// <summary>A fault as the reason of a dead letter.</summary>
    public static BadRecordException Of(Exception fault) => fault as BadRecordException ?? new($"{fault.GetType().Name}: {fault.Message}", 0, fault);
}
