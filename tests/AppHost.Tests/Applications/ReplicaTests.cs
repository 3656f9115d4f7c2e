using System.Globalization;
using Conductor.Hosting.Processes;

namespace Conductor.AppHost.Tests.Applications;

/// <summary>Replicas of a project. The program is a shell script in the place of the project's built program.</summary>
public sealed class ReplicaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Each_replica_is_a_process_with_a_port_of_its_own_and_comes_back_alone()
    {
        var bin = Directory.CreateDirectory(Path.Combine(_folder.Path, "bin"));
        var program = Path.Combine(bin.FullName, "Orders");
        await File.WriteAllTextAsync(program, "#!/bin/sh\necho $ASPNETCORE_URLS $OTEL_RESOURCE_ATTRIBUTES\nexec sleep 300\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(program + ".dll", "", TestContext.Current.CancellationToken);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the program is a shell script");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var builder = RunningApplication.Builder(_folder);
        builder.AddProject("orders", Path.Combine(_folder.Path, "Orders.csproj")).WithHttpEndpoint().WithReplicas(2);
        await using var application = await RunningApplication.StartAsync(builder);
        var orders = await application.WaitAsync("orders", r => r.Pids.Count == 2 && r.Health == "Healthy");
        var lines = await Eventually.GetAsync(() => application.Api.GetStringAsync("/api/resources/orders/logs"), l => l.Contains("orders-0", StringComparison.Ordinal) && l.Contains("orders-1", StringComparison.Ordinal), "both have printed");
        lines.ShouldNotContain(new Uri(orders.Endpoints.Single().Url).Port.ToString(CultureInfo.InvariantCulture));

        Signals.Send(orders.Pids[0], Signal.Kill);
        var after = await application.WaitAsync("orders", r => r.Pids.Count == 2 && r.Restarts == 1);
        after.Pids.ShouldContain(orders.Pids[1]);
        after.Pids.ShouldNotContain(orders.Pids[0]);
    }

    public void Dispose() => _folder.Dispose();
}
