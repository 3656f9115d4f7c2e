using Microsoft.Extensions.Configuration;

namespace Conductor.AppHost.Composition;

/// <summary>How the platform's programs are added.</summary>
internal static class ServiceExtensions
{
    /// <summary>
    /// Adds a program with an HTTP endpoint, which is ready when its <c>/health</c> says so. <c>--replicas:NAME N</c> runs several behind
    /// one port; a single one listens there itself, without a proxy between.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(this IDistributedApplicationBuilder builder, string name, int? port = null)
        where TProject : IProjectMetadata, new()
    {
        var replicas = builder.Configuration.GetValue($"replicas:{name}", 1);
        var service = builder.AddProject<TProject>(name, options => options.ExcludeLaunchProfile = true)
            .WithHttpEndpoint(port: port ?? (builder.ExecutionContext.IsRunMode ? Ports.Free() : null))
            .WithEndpoint("http", e =>
            {
                e.TargetHost = "127.0.0.1";
                e.IsProxied = replicas > 1;
            })
            .WithReplicas(replicas)
            // All stays on the loopback address: no certificate is looked for, or found missing.
            .WithoutHttpsCertificate()
            // Aspire's own choice, a minute, is long for somebody who watches.
            .WithEnvironment("OTEL_METRIC_EXPORT_INTERVAL", "10000")
            .WithEnvironment(service => SendTelemetry(service.EnvironmentVariables, builder))
            // Many small processes share one machine. What is called often is compiled well at once: a third more tasks a second after a start.
            .WithEnvironment("DOTNET_GCConserveMemory", "5").WithEnvironment("DOTNET_TC_CallCountingDelayMs", "0")
            // Threads that look out for work on processors that others need.
            .WithEnvironment("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0");
        if (!builder.ExecutionContext.IsRunMode) return service;
        return service.WithAnnotation(Program(service.Resource.GetProjectMetadata().ProjectPath))
            .WithReadiness(stop => Readiness.ProblemAsync(new Uri(new Uri(service.GetEndpoint("http").Url), "health"), stop));
    }

    /// <summary>Shows a page to people: in the dashboard, and in the line that says that all is ready.</summary>
    public static void AddPage(this IResourceBuilder<ProjectResource> service, ReferenceExpression address) =>
        service.WithUrl(address).WithAnnotation(new PageAnnotation(address));

    // Without a dashboard Aspire names the address where one would be: spans would be made for nobody, or for whoever listens there.
    private static void SendTelemetry(Dictionary<string, object> environment, IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode || DashboardSettings.IsWanted(builder.Configuration)) return;
        foreach (var name in new[] { "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_HEADERS" })
        {
            environment.Remove(name);
            if (builder.Configuration[name] is { Length: > 0 } given) environment[name] = given;
        }
    }

    /// <summary>
    /// The built program itself: Aspire would put a <c>dotnet run</c> before each, of 130 MB. It is in the AppHost's folder where all were
    /// published together, else in its project's output of the same configuration.
    /// </summary>
    private static ExecutableAnnotation Program(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        var name = $"Conductor.{Path.GetFileNameWithoutExtension(project)}";
        var beside = Path.Combine(AppContext.BaseDirectory, name);
        var output = AppContext.BaseDirectory[(AppContext.BaseDirectory.LastIndexOf("/bin/", StringComparison.Ordinal) + 1)..];
        return new() { Command = File.Exists(beside) ? beside : Path.Combine(folder, output, name), WorkingDirectory = folder };
    }
}

internal sealed record PageAnnotation(ReferenceExpression Address) : IResourceAnnotation;
