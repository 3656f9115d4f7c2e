using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Conductor.Hosting.Api;
using Conductor.Hosting.Engines;
using Conductor.Hosting.Supervision;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conductor.Hosting.Composition;

/// <summary>Puts an application together on top of a web application, which serves the resource API.</summary>
internal sealed class AppHostBuilder : IDistributedApplicationBuilder
{
    private readonly WebApplicationBuilder _host;
    private readonly ResourceCollection _resources = [];

    public AppHostBuilder(DistributedApplicationOptions options)
    {
        AppHostDirectory = options.ProjectDirectory ?? Directory.GetCurrentDirectory();
        _host = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppHostDirectory });
        Configuration.AddInMemoryCollection(CommandLine.Parse(options.Args ?? []));
        Data = new DataFolder(Path.GetFullPath(Configuration["data"] ?? ".data", AppHostDirectory));
        ResourceApi.Configure(Configuration, EngineProcess.FreePort());
        // The application's own lines come from the resources; the host says only what goes wrong.
        _host.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        _host.WebHost.UseUrls(Configuration[ResourceApi.UrlKey]!);
    }

    public DataFolder Data { get; }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; } = Assembly.GetEntryAssembly();

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public IDistributedApplicationEventing Eventing { get; } = new EventDispatcher();

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    public IResourceCollection Resources => _resources;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        ResourceNames.Validate(resource.Name);
        if (_resources.TryGetByName(resource.Name, out _))
            throw new DistributedApplicationException($"There is already a resource '{resource.Name}'");
        _resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        var model = new DistributedApplicationModel(_resources);
        Services.AddSingleton(model).AddSingleton(Eventing).AddSingleton(ExecutionContext).AddSingleton(Data);
        Services.AddHealthChecks();
        Services.AddOrchestration();
        Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(60));
        var host = _host.Build();
        host.MapResourceApi();
        return new DistributedApplication(host);
    }
}
