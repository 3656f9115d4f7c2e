using System.Globalization;
using Aspire.Hosting.Testing;
using Conductor.AppHost.Composition;
using Conductor.AppHost.Tests.Platform;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(RunningPlatform))]

namespace Conductor.AppHost.Tests.Platform;

/// <summary>The application that AppHost.cs describes, without the demo, for all tests that need it to run, one after the other.</summary>
public sealed class RunningPlatform : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder _folder = new();
    private DistributedApplication? _application;

    internal string Data => _folder.Path;

    internal ResourceNotificationService Notifications => _application!.Services.GetRequiredService<ResourceNotificationService>();

    internal ResourceCommandService Commands => _application!.Services.GetRequiredService<ResourceCommandService>();

    internal IResource this[string name] => _application!.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(r => r.Name == name);

    internal IEnumerable<int> ProcessIds(string name) =>
        File.ReadLines(Path.Combine(Data, "processes")).Skip(1).Select(line => line.Split(' ')).Where(p => p[2] == name)
            .Select(p => int.Parse(p[0], CultureInfo.InvariantCulture));

    internal HttpClient Client(string name) => _application!.CreateHttpClient(name);

    internal async Task StartedAsync(CancellationToken stop)
    {
        if (_application is not null) return;
        Assert.SkipUnless(Directory.Exists("/usr/lib/postgresql"), "PostgreSQL is not installed (Debian package postgresql)");
        Assert.SkipUnless(Directory.Exists("/usr/lib/rabbitmq"), "RabbitMQ is not installed (Debian package rabbitmq-server)");
        var offset = Enumerable.Range(1, 60).Select(i => i * 10 + 3000).First(o => new[] { 8080, 8082, 8090 }.All(p => Ports.IsFree(p + o)));
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            ["--data", Data, "--port-offset", offset.ToString(CultureInfo.InvariantCulture), "--no-demo=true", "--no-dashboard=true", "--quiet=true"], stop);
        _application = await builder.BuildAsync(stop);
        await _application.StartAsync(stop).WaitAsync(Limit, stop);
        foreach (var name in new[] { "workflows", "pipelines", "console" }) await Notifications.WaitForResourceHealthyAsync(name, stop).WaitAsync(Limit, stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null) await _application.DisposeAsync();
        _folder.Dispose();
    }
}
