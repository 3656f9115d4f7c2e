using Aspire.Hosting;

namespace Conductor.Hosting.Projects;

/// <summary>A project that was added by the path of its file.</summary>
internal sealed record ProjectFile(string ProjectPath) : IProjectMetadata;
