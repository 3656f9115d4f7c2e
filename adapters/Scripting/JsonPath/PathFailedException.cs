namespace Conductor.Scripting.JsonPath;

/// <summary>The path is malformed, or cannot be applied to what it meets: it gives nothing.</summary>
internal sealed class PathFailedException(string message) : Exception(message);
