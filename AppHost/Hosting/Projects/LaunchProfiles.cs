using System.Net.Sockets;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Conductor.Hosting.Projects;

/// <summary>Finds the launch profile of a project (Properties/launchSettings.json).</summary>
internal static class LaunchProfiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static (string Name, LaunchProfile Profile)? Of(IResource resource)
    {
        if (resource is not ProjectResource || resource.Annotations.OfType<ExcludeLaunchProfileAnnotation>().Any()) return null;
        var project = resource.Annotations.OfType<IProjectMetadata>().Single();
        if ((project.LaunchSettings ?? Read(project.ProjectPath)) is not { } settings) return null;
        var wanted = resource.Annotations.OfType<LaunchProfileAnnotation>().LastOrDefault()?.LaunchProfileName;
        if (wanted is not null && !settings.Profiles.ContainsKey(wanted))
            throw new DistributedApplicationException($"The project of '{resource.Name}' has no launch profile '{wanted}'");
        return settings.Profiles.Where(p => wanted is null ? p.Value.CommandName is "Project" : p.Key == wanted)
            .Select(p => ((string, LaunchProfile)?)(p.Key, p.Value)).FirstOrDefault();
    }

    /// <summary>Adds an endpoint for each address of the profile.</summary>
    public static void AddEndpoints(ProjectResource resource)
    {
        foreach (var address in Of(resource)?.Profile.ApplicationUrl?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
        {
            var uri = new Uri(address);
            if (new EndpointReference(resource, uri.Scheme).Exists) continue;
            resource.Annotations.Add(new EndpointAnnotation(ProtocolType.Tcp, uri.Scheme, port: uri.Port));
        }
    }

    private static LaunchSettings? Read(string projectPath)
    {
        var file = Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(file)) return null;
        using var stream = File.OpenRead(file);
        return JsonSerializer.Deserialize<LaunchSettings>(stream, Json);
    }
}
