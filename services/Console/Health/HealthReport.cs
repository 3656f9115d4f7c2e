namespace Conductor.Console.Health;

/// <summary>What <c>/health</c> of a service answers, with 200 or 503.</summary>
internal sealed record HealthReport
{
    public string Status { get; init; } = "";
    public IReadOnlyList<HealthCheck> Checks { get; init => field = value ?? []; } = [];

    /// <summary>The checks that are not healthy, in words.</summary>
    public string Causes => Checks.Any(IsBad) ? string.Join("; ", Checks.Where(IsBad).Select(check => check.Sentence)) : "it does not say why";

    private static bool IsBad(HealthCheck check) => check.Status != "Healthy";
}

/// <summary>One thing that a service looks at.</summary>
internal sealed record HealthCheck
{
    public string Name { get; init; } = "";
    public string Status { get; init; } = "";
    public string? Description { get; init; }

    public string Sentence => $"{Name} {(string.IsNullOrWhiteSpace(Description) ? $"is {Status.ToLowerInvariant()}" : $"– {Description.TrimEnd('.')}")}";
}
