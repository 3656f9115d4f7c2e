using System.Diagnostics.Metrics;
using Conductor.Engines;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace Conductor.ServiceDefaults.Tests;

/// <summary>A service with the defaults, on a free loopback port.</summary>
internal sealed class TestService : IAsyncDisposable
{
    // MassTransit makes its instruments once in a process, with the factory of the first service, which must not end with that service.
    private static readonly IMeterFactory Meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    private TestService(WebApplication app) => App = app;

    public WebApplication App { get; }

    public HttpClient Client => field ??= new HttpClient { BaseAddress = new Uri(App.Urls.First()) };

    public static async Task<TestService> StartAsync(
        Action<WebApplicationBuilder>? build = null, Action<WebApplication>? map = null, Dictionary<string, string?>? configuration = null)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Production", ApplicationName = "Conductor.ServiceDefaults.Tests" });
        builder.Configuration.AddInMemoryCollection(configuration ?? []);
        builder.AddServiceDefaults();
        builder.Services.AddSingleton(Meters);
        build?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestService(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
