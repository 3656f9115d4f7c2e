using Conductor.AppHost.Engines;
using Conductor.AppHost.Supervision;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Conductor.AppHost.Composition;

/// <summary>Aspire's builder with what the platform adds to it: a data folder, the dashboard's settings and the supervisor.</summary>
internal static class PlatformBuilder
{
    public static IDistributedApplicationBuilder Create(string[] args)
    {
        ServiceDefaults.Logging.PatientOutput.Install();
        var given = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        var data = DataFolder.Of(given);
        var withDashboard = DashboardSettings.IsWanted(given);
        // Aspire looks for a newer version of itself, and sends usage data, unless it is told not to: a start needs no network.
        Environment.SetEnvironmentVariable("ASPIRE_VERSION_CHECK_DISABLED", "true");
        // Aspire's default is Development, with certificates of the developer's own.
        if (Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") is null) Environment.SetEnvironmentVariable("DOTNET_ENVIRONMENT", "Production");
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = args,
            AllowUnsecuredTransport = true,
            DisableDashboard = !withDashboard,
            DashboardApplicationName = "Conductor",
        });
        if (!builder.ExecutionContext.IsRunMode) return builder;
        builder.Services.AddSingleton(_ => data);
        if (withDashboard) AddDashboard(builder, data);
        // The AppHost ends only when everything that it started has.
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = "true";
        // What concerns a resource is in its own log and in the dashboard; stacks of the executor and of the health checks add nothing.
        builder.Services.AddLogging(l => l.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Aspire.Hosting", LogLevel.Warning)
            .AddFilter("Aspire.Hosting.Dcp.DcpExecutor", LogLevel.None).AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
        AddSupervision(builder, data);
        return builder;
    }

    /// <summary>The absolute path of a folder or file under the data folder; of a volume's in what is published.</summary>
    public static string DataPath(this IDistributedApplicationBuilder builder, string name) =>
        Path.Combine(builder.ExecutionContext.IsRunMode ? DataFolder.Of(builder.Configuration).Root : "/var/lib/conductor", name);

    /// <summary>A secret parameter that is kept in a file of the data folder (<c>secrets/NAME</c> when null), unless <c>Parameters:NAME</c> gives it.</summary>
    public static IResourceBuilder<ParameterResource> AddKeptSecret(this IDistributedApplicationBuilder builder, string name, string? file = null) =>
        builder.AddParameter(name, new KeptSecret(DataFolder.Of(builder.Configuration), file ?? $"secrets/{name}"), secret: true);

    /// <summary>The dashboard's page with what logs in; null where there is none.</summary>
    public static string? DashboardLink(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsRunMode && DashboardSettings.IsWanted(builder.Configuration) ? DashboardSettings.Login(builder.Configuration) : null;

    private static void AddDashboard(IDistributedApplicationBuilder builder, DataFolder data)
    {
        builder.Configuration.AddInMemoryCollection(DashboardSettings.For(data, builder.Configuration));
        // Aspire adds the dashboard's resource after everybody else could have configured it.
        builder.Eventing.Subscribe<BeforeResourceStartedEvent>((e, _) =>
        {
            if (e.Resource.Name == DashboardSettings.Resource) e.Resource.Annotations.Add(new EnvironmentCallbackAnnotation(DashboardSettings.Apply));
            return Task.CompletedTask;
        });
    }

    private static void AddSupervision(IDistributedApplicationBuilder builder, DataFolder data)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ProcessRecord>().AddSingleton<ConsoleLog>().AddSingleton<ResourceLogs>().AddSingleton<Supervisor>();
        builder.Services.AddHostedService(p => p.GetRequiredService<Supervisor>()).AddHostedService<ReadyReport>().AddHostedService<OrchestratorWatch>();
        builder.Eventing.Subscribe<BeforeStartEvent>(async (e, stop) =>
        {
            data.Take();
            e.Services.GetRequiredService<ProcessRecord>().Add(Environment.ProcessId, "apphost");
            Ports.EnsureUsable(e.Model);
            await ExistingServers.CheckAsync(e.Model, stop);
        });
    }

    /// <summary>Runs the application to its end. What keeps it from starting is told on one line, and the exit code is 1.</summary>
    public static async Task<int> RunPlatformAsync(this IDistributedApplicationBuilder builder)
    {
        try
        {
            await using var application = builder.Build();
            await application.RunAsync();
            return 0;
        }
        catch (DistributedApplicationException e)
        {
            System.Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
