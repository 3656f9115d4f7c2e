namespace Conductor.Fuzzing;

/// <summary>What is known of a service beyond its OpenAPI document.</summary>
public sealed record FuzzTarget
{
    /// <summary>Name, for the report.</summary>
    public required string Name { get; init; }
    /// <summary>Bodies that are sound, by the beginning of the path that takes them; the longest beginning counts.</summary>
    public required IReadOnlyDictionary<string, string[]> Bodies { get; init; }
    /// <summary>Content type of the bodies.</summary>
    public string ContentType { get; init; } = "application/json";
    /// <summary>Names of things that exist, or may.</summary>
    public required string[] Names { get; init; }
    /// <summary>Names of fields that bodies may have.</summary>
    public IReadOnlyList<string> Fields { get; init; } = ["x"];
    /// <summary>Operations that the document lacks.</summary>
    public IReadOnlyList<Operation> More { get; init; } = [];
    /// <summary>Beginnings of paths that are left out.</summary>
    public IReadOnlyList<string> LeaveOut { get; init; } = [];
    /// <summary>Sent with every form, when there is one.</summary>
    public string? FormToken { get; init; }
}
