namespace Conductor.AppHost.Supervision;

/// <summary>Ends what an earlier run left behind, by the ids and start times that it noted.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Returns the names of what it found still running.</summary>
    public static async Task<IReadOnlyList<string>> EndAsync(IReadOnlyList<RecordedProcess> recorded, TimeProvider time, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        var victims = new List<ProcessStat>();
        // The last ones started are the first to go, as in an orderly stop.
        foreach (var process in recorded.Reverse())
        {
            var family = Family(process, ProcessStat.All());
            if (family.Count == 0) continue;
            found.Add(process.Name);
            victims.AddRange(family);
            if (family.Any(p => p.Id == process.Id)) Signals.Send(process.Id, process.Stop);
        }
        if (await EndedAsync(victims, time, cancellationToken)) return found;
        foreach (var victim in victims.Where(v => v.Lives())) Signals.Send(victim.Id, Signal.Kill);
        await EndedAsync(victims, time, cancellationToken);
        return found;
    }

    /// <summary>The process, if it is the one that was noted, with its session and its descendants.</summary>
    internal static IReadOnlyList<ProcessStat> Family(RecordedProcess recorded, IReadOnlyList<ProcessStat> all)
    {
        var root = all.FirstOrDefault(p => p.Id == recorded.Id);
        // The id was given to another process: whatever we started has ended long ago.
        if (root is not null && root.StartTime != recorded.StartTime) return [];
        var family = all.Where(p => p.Id == recorded.Id || (p.Session == recorded.Id && p.StartTime >= recorded.StartTime)).ToList();
        for (var i = 0; i < family.Count; i++) family.AddRange(all.Where(p => p.Parent == family[i].Id && !family.Contains(p)));
        return [.. family.Where(p => p.State != 'Z')];
    }

    private static async Task<bool> EndedAsync(List<ProcessStat> victims, TimeProvider time, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + Grace;
        while (victims.Exists(v => v.Lives()))
        {
            if (time.GetUtcNow() > deadline) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
        return true;
    }
}
