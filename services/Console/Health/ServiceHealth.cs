namespace Conductor.Console.Health;

/// <summary>Whether a service can work, as it says itself; <see cref="Silent"/> where it says nothing.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Status"><c>Healthy</c>, <c>Degraded</c>, <c>Unhealthy</c> or <see cref="Silent"/>.</param>
/// <param name="Cause">What keeps it from being healthy.</param>
internal sealed record ServiceHealth(string Service, string Status, string? Cause)
{
    public const string Silent = "Unreachable";

    public bool IsHealthy => Status == "Healthy";

    public string Sentence =>
        Status == Silent ? $"The {Service} service is not reachable: {Cause}." : $"The {Service} service is {Status.ToLowerInvariant()}: {Cause}.";

    /// <summary>What all that are not healthy have to say; empty when all is well.</summary>
    public static string Complaint(IEnumerable<ServiceHealth> all) => string.Join(" ", all.Where(one => !one.IsHealthy).Select(one => one.Sentence));
}
