using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Engines;
using Conductor.Hosting.Logs;
using Conductor.Hosting.Processes;
using Conductor.Hosting.Resolution;

namespace Conductor.Hosting.Launching;

/// <summary>Starts a container with the docker client, which stays in the foreground as its process.</summary>
internal sealed class ContainerLauncher(ContainerResource resource, string prefix, EnvironmentResolver resolver, ResourceLog log, ProcessRecord record) : ILauncher
{
    private string Name => $"{prefix}-{resource.Name}";

    private bool IsPersistent => resource.Annotations.OfType<ContainerLifetimeAnnotation>().LastOrDefault()?.Lifetime == ContainerLifetime.Persistent;

    public async Task<IInstance> LaunchAsync(int replica, CancellationToken cancellationToken)
    {
        await ContainerEngine.EnsureAnswersAsync(cancellationToken);
        // One that an interrupted run left behind would hold the name and the ports.
        await EngineProcess.RunAsync(EngineProcess.Command(user: null, "docker", "rm", "--force", Name), cancellationToken);
        var start = new ProcessStartInfo("docker");
        foreach (var argument in await ArgumentsAsync(start, cancellationToken)) start.ArgumentList.Add(argument);
        return ChildProcess.Start(start, resource.Name, log, record);
    }

    internal async Task<IReadOnlyList<string>> ArgumentsAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        List<string> arguments = ["run", "--name", Name, .. IsPersistent ? Array.Empty<string>() : ["--rm"]];
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            arguments.AddRange(["--publish", $"{endpoint.AllocatedEndpoint!.EndPointString}:{endpoint.TargetPort}"]);
        foreach (var mount in resource.Annotations.OfType<ContainerMountAnnotation>())
            arguments.AddRange(["--volume", (mount.Source is null ? "" : mount.Source + ":") + mount.Target + (mount.IsReadOnly ? ":ro" : "")]);
        foreach (var variable in await resolver.VariablesAsync(resource, 0, cancellationToken))
        {
            // Only the name is an argument: arguments are visible to every user of the machine.
            arguments.AddRange(["--env", variable.Name]);
            start.Environment[variable.Name] = variable.Value;
        }
        if (resource.Entrypoint is { } entrypoint) arguments.AddRange(["--entrypoint", entrypoint]);
        arguments.Add(Image());
        arguments.AddRange(await EnvironmentResolver.ArgumentsAsync(resource, cancellationToken));
        return arguments;
    }

    private string Image()
    {
        var image = resource.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault()
            ?? throw new DistributedApplicationException($"The container '{resource.Name}' has no image");
        return $"{(image.Registry is null ? "" : image.Registry + "/")}{image.Image}:{image.Tag ?? "latest"}";
    }
}
