namespace Conductor.Hosting.Api;

/// <summary>A resource as the API shows it.</summary>
internal sealed record ResourceView(
    string Name,
    string Type,
    string State,
    string? Health,
    string? HealthProblem,
    int? ExitCode,
    int Restarts,
    IReadOnlyList<int> Pids,
    DateTimeOffset? StartedAt,
    IReadOnlyList<EndpointView> Endpoints,
    IReadOnlyList<VariableView> Environment,
    IReadOnlyList<string> WaitsFor,
    string? Parent);

internal sealed record EndpointView(string Name, string Url);

internal sealed record VariableView(string Name, string? Value, bool IsSecret);

internal sealed record LogLineView(DateTimeOffset At, string Stream, string Line);

internal sealed record ChangeView(string Topic, long Version);
