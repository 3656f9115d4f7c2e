using Microsoft.Playwright;

namespace Conductor.EndToEnd.Tests;

/// <summary>A real browser; tests skip where there is none.</summary>
internal static class Browsers
{
    private const string Chromium = "/usr/bin/chromium";

    public static async Task VisitAsync(Func<IPage, Task> visit)
    {
        Assert.SkipUnless(File.Exists(Chromium), $"no browser: {Chromium} (Debian: apt-get install chromium)");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync"],
        });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1500, Height = 900 } });
        page.SetDefaultTimeout(60_000);
        await visit(page);
    }

    /// <summary>Keeps a picture of the page where CONDUCTOR_SCREENSHOTS names a folder.</summary>
    public static async Task PhotographAsync(this IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CONDUCTOR_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"e2e-{name}.png"), FullPage = true });
    }
}
