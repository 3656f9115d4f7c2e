using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Conductor.Console.Tests.Browser;

/// <summary>The machine's Chromium, driven headless. Tests skip, and say so, where there is none.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    // By class: its tests run one after the other.
    private readonly ConcurrentDictionary<string, OpenPages> _open = new(StringComparer.Ordinal);
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

    /// <summary>A page in a browser profile of its own, open until the next test of the same class opens one.</summary>
    internal async Task<IPage> PageAsync(Uri address, bool loggedIn = true, bool script = true)
    {
        Assert.SkipWhen(_browser is null, $"No Chromium: none of {string.Join(", ", Places)} exists (Debian: apt-get install chromium).");
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = address.ToString(),
            JavaScriptEnabled = script,
            ViewportSize = new() { Width = 1440, Height = 900 },
        });
        await KeepAsync(context);
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

    /// <summary>What axe-core finds wrong on a page.</summary>
    internal static async Task<IEnumerable<string>> BarriersAsync(IPage page)
    {
        var options = new AxeRunOptions { ResultTypes = [ResultType.Violations] };
#pragma warning disable CS0618 // The other way opens a second page for each look, for the sake of frames, which the console has none of.
        var result = await page.RunAxeLegacy(options: options);
#pragma warning restore CS0618
        return result.Violations.Select(violation => $"{violation.Id}: {violation.Help}: {violation.Nodes[0].Html}");
    }

    // Pages left open go on following the live feeds, each in a process of its own.
    private async Task KeepAsync(IBrowserContext context)
    {
        var (test, testClass) = (TestContext.Current.Test!.UniqueID, TestContext.Current.TestClass!.UniqueID);
        if (_open.TryGetValue(testClass, out var open) && open.Test == test)
        {
            open.Contexts.Add(context);
            return;
        }
        _open[testClass] = new(test, [context]);
        foreach (var left in open?.Contexts ?? []) await left.CloseAsync();
    }

    /// <summary>Keeps a picture of the page where <c>CONDUCTOR_SCREENSHOTS</c> names a folder.</summary>
    internal static async Task PhotographAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CONDUCTOR_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    private sealed record OpenPages(string Test, List<IBrowserContext> Contexts);
}
