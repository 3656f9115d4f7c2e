using System.Net;
using Conductor.Engines;
using Microsoft.Playwright;

namespace Conductor.EndToEnd.Tests;

[EndToEnd]
public sealed class DashboardTests(DemoPlatform demo)
{
    [Fact]
    public async Task Aspires_dashboard_shows_resources_logs_traces_and_metrics_of_every_service()
    {
        var platform = await demo.StartedAsync();
        await Browsers.VisitAsync(async page =>
        {
            await page.GotoAsync(platform.Dashboard.ToString());
            foreach (var name in new[] { "postgres", "rabbitmq", "workflows", "pipelines", "console", "payments" })
                await page.GetByText(name, new() { Exact = true }).First.WaitForAsync();
            (await page.GetByText("certificate").CountAsync()).ShouldBe(0);
            await page.PhotographAsync("dashboard-resources");

            foreach (var (path, text) in new[] { ("structuredlogs", "Application started"), ("traces", "workflows ("), ("metrics", "Conductor.Workflows") })
            {
                await page.GotoAsync(new Uri(platform.Dashboard, $"/{path}/resource/workflows").ToString());
                await page.GetByText(text).Filter(new() { Visible = true }).First.WaitForAsync();
                await page.PhotographAsync($"dashboard-{path}");
            }
        });
    }

    [Fact]
    public async Task Nobody_sees_or_sends_anything_there_without_a_token()
    {
        var platform = await demo.StartedAsync();
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var page = await client.GetAsync(new Uri(platform.Dashboard, "/traces"), TestContext.Current.CancellationToken);
        page.StatusCode.ShouldBe(HttpStatusCode.Found);
        page.Headers.Location!.ToString().ShouldContain("/login");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(platform.Data, "secrets")))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        var token = await File.ReadAllTextAsync(Path.Combine(platform.Data, "secrets", "dashboard-login-token"), TestContext.Current.CancellationToken);
        foreach (var log in Directory.EnumerateFiles(Path.Combine(platform.Data, "logs"))) File.ReadAllText(log).ShouldNotContain(token, Case.Sensitive, log);
    }
}
