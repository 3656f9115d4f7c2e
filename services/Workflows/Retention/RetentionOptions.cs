namespace Conductor.Workflows.Retention;

/// <summary>The settings <c>Retention</c>: what goes when, and where to.</summary>
internal sealed record RetentionOptions
{
    /// <summary>Whether executions that have ended are removed. Default true.</summary>
    public bool Enabled { get; init; } = true;
    /// <summary>How long they stay after their end, where their definition's <c>retentionDays</c> does not say. Default 30 days.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromDays(30);
    /// <summary>Folder of the archive; by default <c>archive</c> in the service's own folder. Empty: they are removed without a trace.</summary>
    public string? Folder { get; init; }
    /// <summary>The most executions that one transaction removes. Default 200.</summary>
    public int BatchSize { get; init; } = 200;
    /// <summary>The pause after each. Default 200 ms.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(200);
    /// <summary>How long it rests when there is nothing to do. Default 1 min.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);
    /// <summary>Polls of workers that have gone. Default 7 days.</summary>
    public OldRowsOptions PollData { get; init; } = new() { Period = TimeSpan.FromDays(7) };
    /// <summary>Workers on the bus that have gone. Default 1 hour.</summary>
    public OldRowsOptions BusWorkers { get; init; } = new() { Period = TimeSpan.FromHours(1) };
    /// <summary>Lines of logs whose task is no more. Default 7 days.</summary>
    public OldRowsOptions StrayLogs { get; init; } = new() { Period = TimeSpan.FromDays(7) };
    /// <summary>Consumed messages whose duplicates are recognised. Default 7 days.</summary>
    public OldRowsOptions Inbox { get; init; } = new() { Period = TimeSpan.FromDays(7) };

    /// <summary>The settings of a service.</summary>
    /// <exception cref="InvalidOperationException">One is out of its range; the message names it.</exception>
    public static RetentionOptions Of(IConfiguration configuration, string serviceFolder)
    {
        var options = configuration.GetSection("Retention").Get<RetentionOptions>() ?? new();
        Demand(options.BatchSize is >= 1 and <= 10_000, "BatchSize", "must be 1 to 10000");
        Demand(options.Every > TimeSpan.Zero, "Every", "must be longer than 0");
        Demand(options.Pause >= TimeSpan.Zero, "Pause", "must not be negative");
        Demand(options.Period >= TimeSpan.Zero, "Period", "must not be negative");
        foreach (var (name, rows) in new[]
        {
            ("PollData", options.PollData), ("BusWorkers", options.BusWorkers), ("StrayLogs", options.StrayLogs), ("Inbox", options.Inbox),
        }) Demand(rows.Period >= TimeSpan.Zero, name + ":Period", "must not be negative");
        return options with { Folder = options.Folder is "" ? "" : Path.GetFullPath(options.Folder ?? "archive", serviceFolder) };
    }

    private static void Demand(bool isSo, string setting, string rule)
    {
        if (!isSo) throw new InvalidOperationException($"Retention:{setting} {rule}");
    }
}

/// <summary>When rows of one kind go.</summary>
internal sealed record OldRowsOptions
{
    /// <summary>Whether they go at all. Default true.</summary>
    public bool Enabled { get; init; } = true;
    /// <summary>How old they are then.</summary>
    public TimeSpan Period { get; init; }
}
