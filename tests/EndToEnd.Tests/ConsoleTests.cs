using Conductor.Engines;
using Microsoft.Playwright;

namespace Conductor.EndToEnd.Tests;

[EndToEnd]
public sealed class ConsoleTests(DemoPlatform demo)
{
    private const string Chromium = "/usr/bin/chromium";

    [Fact]
    public async Task The_console_shows_the_real_workflows_and_pipelines()
    {
        Assert.SkipUnless(File.Exists(Chromium), $"no browser: {Chromium} (Debian: apt-get install chromium)");
        var platform = await demo.StartedAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var page = await browser.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync(platform.Login.ToString());

        await page.GetByRole(AriaRole.Link, new() { Name = "Workflows" }).First.ClickAsync();
        var checkout = page.Locator("table a[href^='/workflows/']").First;
        await checkout.WaitForAsync();
        await PhotographAsync(page, "workflows");
        await checkout.ClickAsync();
        await page.Locator("svg").First.WaitForAsync();
        (await page.Locator("svg a").CountAsync()).ShouldBeGreaterThan(3);
        await PhotographAsync(page, "workflow");

        await page.GetByRole(AriaRole.Link, new() { Name = "Pipelines" }).First.ClickAsync();
        var pipeline = page.Locator("table a[href^='/pipelines/']").First;
        await pipeline.WaitForAsync();
        await pipeline.ClickAsync();
        (await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).InnerTextAsync()).ShouldNotBeEmpty();
        await PhotographAsync(page, "pipeline");
    }

    private static async Task PhotographAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CONDUCTOR_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"e2e-{name}.png"), FullPage = true });
    }
}
