using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Projects;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Conductor.Hosting.Resolution;

/// <summary>The variables that a project gets without being asked: addresses, telemetry, launch profile.</summary>
internal sealed class ProjectEnvironment(IConfiguration configuration, IHostEnvironment environment)
{
    public void AddDefaults(Dictionary<string, object> variables, IResource resource, int replica)
    {
        var ports = ReplicaPorts.Of(resource);
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.PortVariable is not null))
            variables[endpoint.PortVariable!] = $"{ports![endpoint, replica]}";
        if (resource.Annotations.OfType<OtlpExporterAnnotation>().Any()) AddTelemetry(variables, resource.Name, replica);
        if (resource is not ProjectResource) return;

        var web = resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https").ToList();
        if (web.Count > 0) variables["ASPNETCORE_URLS"] = string.Join(';', web.Select(e => $"{e.UriScheme}://{e.TargetHost}:{ports![e, replica]}"));
        if (web.Find(e => e.UriScheme is "https")?.AllocatedEndpoint is { } https) variables["ASPNETCORE_HTTPS_PORT"] = $"{https.Port}";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        // Many small processes share one machine: a small heap that is given back matters more than throughput of collections.
        variables["DOTNET_gcServer"] = "0";
        variables["DOTNET_GCHeapCount"] = "1";
        variables["DOTNET_GCConserveMemory"] = "5";
        variables["DOTNET_TieredPGO"] = "0";
        // What is called often is compiled well at once, not after a pause: a third more tasks per second in the first seconds after a start.
        variables["DOTNET_TC_CallCountingDelayMs"] = "0";
    }

    public void AddLaunchProfile(Dictionary<string, object> variables, IResource resource)
    {
        if (LaunchProfiles.Of(resource) is not { } profile) return;
        variables.TryAdd("DOTNET_LAUNCH_PROFILE", profile.Name);
        foreach (var (name, value) in profile.Profile.EnvironmentVariables) variables.TryAdd(name, value);
    }

    private void AddTelemetry(Dictionary<string, object> variables, string name, int replica)
    {
        variables["OTEL_SERVICE_NAME"] = name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={name}-{replica}";
        var receiver = configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] ?? configuration["OTEL_EXPORTER_OTLP_ENDPOINT"];
        if (receiver is null) return;
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "http/protobuf";
        if (configuration["DASHBOARD:OTLP:PRIMARYAPIKEY"] is { } key) variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        if (!environment.IsDevelopment()) return;
        foreach (var delay in new[] { "OTEL_BLRP_SCHEDULE_DELAY", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_METRIC_EXPORT_INTERVAL" }) variables[delay] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
    }
}
