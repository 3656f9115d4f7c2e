namespace Conductor.Hosting.Resolution;

/// <summary>A variable as a process gets it.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value.</param>
/// <param name="IsSecret">Whether the value may be shown to nobody.</param>
internal sealed record ResolvedVariable(string Name, string Value, bool IsSecret);
