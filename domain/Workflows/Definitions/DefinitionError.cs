namespace Conductor.Domain.Workflows.Definitions;

/// <summary>
/// One thing that is wrong with a definition. <paramref name="Path"/> is relative to the definition: empty for the whole, else like
/// <c>tasks[0].name</c>.
/// </summary>
public sealed record DefinitionError(string Path, string Message, string? InvalidValue = null);
