namespace Conductor.Pipelines.Definitions;

/// <summary>Something in a pipeline's YAML, with the place where it stands.</summary>
/// <param name="File">The file, when its name is known.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Path">As in <c>components.filter.source.topic</c>.</param>
/// <param name="Message">What is wrong, for people.</param>
public sealed record Problem(string? File, int Line, int Column, string Path, string Message);
