using Conductor.Engines;

namespace Conductor.EndToEnd.Tests;

[EndToEnd]
public sealed class CommandTests(DemoPlatform demo)
{
    [Fact]
    public async Task The_status_names_what_runs_and_the_links_that_log_in()
    {
        var platform = await demo.StartedAsync();
        var status = await platform.StatusAsync();
        foreach (var name in new[] { "apphost", "postgres", "rabbitmq", "workflows", "pipelines", "console", "aspire-dashboard" }) status.ShouldContain(name);
        status.ShouldContain(platform.Login.ToString());
        status.ShouldContain(platform.Dashboard.ToString());
    }

    [Fact]
    public async Task A_folder_that_holds_no_platform_is_told_and_not_made()
    {
        var folder = Path.Combine(Path.GetTempPath(), "conductor-e2e", Guid.NewGuid().ToString("N"));
        foreach (var option in new[] { "--stop", "--status" })
        {
            var (_, output) = await Platform.RunAsync(option, "--data", folder);
            output.ShouldContain("there is no platform in " + folder);
            Directory.Exists(folder).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task The_version_is_told() => (await Platform.RunAsync("--version")).Succeeded().ShouldMatch(@"^Conductor \d+\.\d+\.\d+\s*$");

    [Theory]
    [InlineData("--ConnectionStrings:postgres", "Host=127.0.0.1;Port=1;Username=u;Password=hidden", "PostgreSQL at 127.0.0.1:1")]
    [InlineData("--ConnectionStrings:rabbitmq", "amqp://u:hidden@127.0.0.1:1", "RabbitMQ at 127.0.0.1:1")]
    [InlineData("--port-offset", "2000", "Browsers refuse these ports: 10080")]
    public async Task What_cannot_work_is_told_before_anything_starts(string option, string value, string problem)
    {
        var folder = Path.Combine(Path.GetTempPath(), "conductor-e2e", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        var (status, output) = await Platform.RunAsync("--background", "--no-demo", "--data", folder, option, value);
        Directory.Delete(folder, recursive: true);
        status.ShouldNotBe(0);
        output.ShouldContain(problem);
        output.ShouldNotContain("hidden");
        output.ShouldNotContain("   at ");
    }
}
