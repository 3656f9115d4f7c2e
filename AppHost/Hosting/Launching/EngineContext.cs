using Conductor.Hosting.Processes;

namespace Conductor.Hosting.Launching;

/// <summary>Where an engine keeps its data, and where it tells its lines and its processes.</summary>
internal sealed record EngineContext(string Folder, Action<string> Log, Action<int, Signal> Started);
