using Conductor.Engines;
using Microsoft.Playwright;

namespace Conductor.EndToEnd.Tests;

[EndToEnd]
public sealed class ConsoleTests(DemoPlatform demo)
{
    [Fact]
    public async Task The_console_shows_the_real_workflows_and_pipelines_and_leads_to_the_dashboard()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/chromium"), "no browser: /usr/bin/chromium (Debian: apt-get install chromium)");
        var platform = await demo.StartedAsync();
        await Browsers.VisitAsync(async page =>
        {
            await page.GotoAsync(platform.Login.ToString());
            (await page.GetByRole(AriaRole.Link, new() { Name = "Dashboard" }).First.GetAttributeAsync("href")).ShouldBe(platform.Dashboard.ToString());

            await page.GetByRole(AriaRole.Link, new() { Name = "Workflows" }).First.ClickAsync();
            var checkout = page.Locator("table a[href^='/workflows/']").First;
            await checkout.WaitForAsync();
            await page.PhotographAsync("workflows");
            await checkout.ClickAsync();
            await page.Locator("svg").First.WaitForAsync();
            (await page.Locator("svg a").CountAsync()).ShouldBeGreaterThan(3);
            await page.PhotographAsync("workflow");

            await page.GetByRole(AriaRole.Link, new() { Name = "Pipelines" }).First.ClickAsync();
            var pipeline = page.Locator("table a[href^='/pipelines/']").First;
            await pipeline.WaitForAsync();
            await pipeline.ClickAsync();
            (await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).InnerTextAsync()).ShouldNotBeEmpty();
            await page.PhotographAsync("pipeline");
        });
    }
}
