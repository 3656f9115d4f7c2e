using Conductor.Console.Tests.StandIns;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Conductor.Console.Tests;

/// <summary>The console on a port of its own, in front of stand-ins of the two services.</summary>
public sealed class ConsoleUnderTest : IAsyncLifetime
{
    internal const string Token = "a-login-token-for-tests-0123456789";
    private readonly ErrorLog _log = new();
    private Factory? _factory;

    internal WorkflowsStandIn Workflows { get; } = new();
    internal PipelinesStandIn Pipelines { get; } = new();
    internal TopicsStandIn Topics { get; } = new();
    internal StandIn WorkflowsService { get; private set; } = null!;
    internal StandIn PipelinesService { get; private set; } = null!;
    internal IEnumerable<string> Errors => _log.Errors;
    internal IEnumerable<string> Warnings => _log.Warnings;
    internal Uri Address { get; private set; } = null!;

    /// <summary>What the console is told of a dashboard before it starts.</summary>
    internal string? DashboardUrl { get; init; }

    /// <summary>Where the console keeps its keys.</summary>
    internal string? Keys { get; init; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    public async ValueTask InitializeAsync()
    {
        WorkflowsService = await StandIn.StartAsync("workflows", Workflows.Map);
        PipelinesService = await StandIn.StartAsync("pipelines", app =>
        {
            Pipelines.Map(app);
            Topics.Map(app);
        });
        _factory = new(this);
        _factory.UseKestrel();
        _factory.StartServer();
        Address = _factory.ClientOptions.BaseAddress;
    }

    public async ValueTask DisposeAsync()
    {
        if (_factory is not null)
            await _factory.DisposeAsync();
        await WorkflowsService.DisposeAsync();
        await PipelinesService.DisposeAsync();
    }

    /// <summary>A client with cookies that does not follow redirects; logged in unless told otherwise.</summary>
    internal async Task<HttpClient> ClientAsync(bool loggedIn = true)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        if (loggedIn)
            (await client.GetAsync($"/login?token={Token}")).EnsureSuccessStatusCode();
        return client;
    }

    private sealed class Factory(ConsoleUnderTest test) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            // Not UseKestrel(0): the factory would set the port while the program, which runs on, may have opened it.
            builder.UseSetting("urls", "http://127.0.0.1:0");
            builder.UseSetting("Console:LoginToken", Token);
            builder.UseSetting("Console:Keys", test.Keys);
            builder.ConfigureServices(services => services.AddSingleton(test.Time));
            builder.UseSetting("services:workflows:http:0", test.WorkflowsService.Url);
            builder.UseSetting("services:pipelines:http:0", test.PipelinesService.Url);
            builder.UseSetting("Dashboard:Url", test.DashboardUrl);
            builder.UseEnvironment("Production");
            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(test._log));
        }
    }
}
