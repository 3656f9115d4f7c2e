namespace Aspire.Hosting.ApplicationModel;

/// <summary>A .NET project that runs as processes of this application.</summary>
/// <param name="name">Name.</param>
public class ProjectResource(string name) : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

/// <summary>A program that runs as a process of this application.</summary>
/// <param name="name">Name.</param>
/// <param name="command">The program.</param>
/// <param name="workingDirectory">Where it runs.</param>
public class ExecutableResource(string name, string command, string workingDirectory) : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>The program.</summary>
    public string Command { get; } = command;

    /// <summary>Where it runs.</summary>
    public string WorkingDirectory { get; } = workingDirectory;
}

/// <summary>A container, or a server that may run as one.</summary>
/// <param name="name">Name.</param>
/// <param name="entrypoint">Program inside the image; the image's own when null.</param>
public class ContainerResource(string name, string? entrypoint = null) : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>Program inside the image; the image's own when null.</summary>
    public string? Entrypoint { get; set; } = entrypoint;
}
