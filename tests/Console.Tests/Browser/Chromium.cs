using Microsoft.Playwright;

namespace Conductor.Console.Tests.Browser;

/// <summary>The machine's Chromium, driven headless. Tests skip, and say so, where there is none.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Places.FirstOrDefault(File.Exists) is not { } path)
            return;
        // Machines that build and test at once are slow; a condition that holds ends the wait anyway.
        Assertions.SetDefaultExpectTimeout(20_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A page in a browser profile of its own.</summary>
    internal async Task<IPage> PageAsync(Uri address, bool loggedIn = true, bool script = true, ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(_browser is null, $"No Chromium: none of {string.Join(", ", Places)} exists (Debian: apt-get install chromium).");
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = address.ToString(),
            JavaScriptEnabled = script,
            ColorScheme = scheme,
            ViewportSize = new() { Width = 1440, Height = 900 },
        });
        context.SetDefaultTimeout(30_000);
        var page = await context.NewPageAsync();
        if (loggedIn)
        {
            await page.GotoAsync($"/login?token={ConsoleUnderTest.Token}");
            // Asked again and again: a wait for the navigation misses one that is over while the wait begins.
            await Assertions.Expect(page).ToHaveURLAsync(new Uri(address, "/").ToString());
            await page.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
        }
        return page;
    }

    /// <summary>Keeps a picture of the page where <c>CONDUCTOR_SCREENSHOTS</c> names a folder.</summary>
    internal static async Task PhotographAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CONDUCTOR_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }
}
