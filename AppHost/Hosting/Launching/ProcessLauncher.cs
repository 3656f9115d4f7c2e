using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Logs;
using Conductor.Hosting.Processes;
using Conductor.Hosting.Projects;
using Conductor.Hosting.Resolution;
using Conductor.Hosting.Supervision;

namespace Conductor.Hosting.Launching;

/// <summary>Starts projects and executables as child processes.</summary>
internal sealed class ProcessLauncher(IResource resource, EnvironmentResolver resolver, ResourceBoard board, ResourceLog log, ProcessRecord record) : ILauncher
{
    public async Task<IInstance> LaunchAsync(int replica, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Program()) { WorkingDirectory = Folder() };
        foreach (var argument in await EnvironmentResolver.ArgumentsAsync(resource, cancellationToken)) start.ArgumentList.Add(argument);
        var variables = await resolver.VariablesAsync(resource, replica, cancellationToken);
        board.Update(resource.Name, s => s with { Variables = variables });
        foreach (var variable in variables) start.Environment[variable.Name] = variable.Value;
        return ChildProcess.Start(start, resource.Name, log, record);
    }

    private string Program() => resource switch
    {
        ProjectResource project => ProjectProgram.Find(Metadata(project)),
        ExecutableResource executable => executable.Command,
        _ => throw new DistributedApplicationException($"'{resource.Name}' is not a program"),
    };

    private string Folder() => resource switch
    {
        ProjectResource project => Path.GetDirectoryName(Metadata(project).ProjectPath)!,
        ExecutableResource executable => executable.WorkingDirectory,
        _ => "/",
    };

    private static IProjectMetadata Metadata(ProjectResource project) => project.Annotations.OfType<IProjectMetadata>().Single();
}
