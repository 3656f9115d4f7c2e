namespace Conductor.Console.Clients.Resources;

/// <summary>A process or engine that the AppHost runs.</summary>
public sealed record Resource
{
    public string Name { get; init; } = "";
    public string Type { get; init; } = "";
    public string State { get; init; } = "";
    public string? Health { get; init; }
    /// <summary>Why it is not healthy.</summary>
    public string? HealthProblem { get; init; }
    public int? ExitCode { get; init; }
    public int Restarts { get; init; }
    public IReadOnlyList<int> Pids { get; init => field = value ?? []; } = [];
    public DateTimeOffset? StartedAt { get; init; }
    public IReadOnlyList<ResourceEndpoint> Endpoints { get; init => field = value ?? []; } = [];
    public IReadOnlyList<EnvironmentVariable> Environment { get; init => field = value ?? []; } = [];
    public IReadOnlyList<string> WaitsFor { get; init => field = value ?? []; } = [];
    public string? Parent { get; init; }
}

/// <summary>An address of a resource.</summary>
public sealed record ResourceEndpoint(string Name, string Url);

/// <summary>A variable that a resource was started with.</summary>
public sealed record EnvironmentVariable(string Name, string? Value, bool IsSecret);

/// <summary>A line that a resource wrote.</summary>
public sealed record LogLine(DateTimeOffset At, string Stream, string Line);
