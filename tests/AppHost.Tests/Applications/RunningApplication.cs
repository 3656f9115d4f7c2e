using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Conductor.AppHost.Tests.Applications;

/// <summary>An application that runs in this process, as its resource API shows it.</summary>
internal sealed class RunningApplication : IAsyncDisposable
{
    private readonly DistributedApplication _application;

    private RunningApplication(DistributedApplication application, HttpClient api) => (_application, Api) = (application, api);

    /// <summary>Calls the resource API, with its key.</summary>
    public HttpClient Api { get; }

    public static IDistributedApplicationBuilder Builder(TemporaryFolder folder, params string[] arguments) =>
        DistributedApplication.CreateBuilder(["--data", folder.Path, "--quiet", .. arguments]);

    public static async Task<RunningApplication> StartAsync(IDistributedApplicationBuilder builder)
    {
        var application = builder.Build();
        await application.StartAsync(TestContext.Current.CancellationToken);
        var api = new HttpClient { BaseAddress = new Uri(builder.Configuration["Resources:Url"]!) };
        api.DefaultRequestHeaders.Add("x-resource-api-key", builder.Configuration["Parameters:resources-api-key"]);
        return new(application, api);
    }

    public async Task<Seen> GetAsync(string name) =>
        (await Api.GetFromJsonAsync<List<Seen>>("/api/resources", JsonSerializerOptions.Web, TestContext.Current.CancellationToken))!.Single(r => r.Name == name);

    public Task<Seen> WaitAsync(string name, Func<Seen, bool> wanted) => Eventually.GetAsync(() => GetAsync(name), wanted, $"waited for {name}");

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }
}

internal sealed record Seen(string Name, string Type, string State, string? Health, int? ExitCode, int Restarts, List<int> Pids, DateTimeOffset? StartedAt,
    List<SeenEndpoint> Endpoints, List<SeenVariable> Environment, List<string> WaitsFor, string? Parent);

internal sealed record SeenEndpoint(string Name, string Url);

internal sealed record SeenVariable(string Name, string? Value, bool IsSecret);
