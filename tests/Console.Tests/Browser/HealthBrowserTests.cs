using Conductor.Engines;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Conductor.Console.Tests.Browser;

[Integration]
public sealed class HealthBrowserTests(Chromium chromium) : IAsyncLifetime
{
    private readonly ConsoleUnderTest _console = new() { DashboardUrl = "https://localhost:17000/login?t=abc" };

    public ValueTask InitializeAsync() => _console.InitializeAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task An_open_page_says_within_seconds_that_a_service_cannot_work_and_that_it_can_again()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync("/workflows/start");
        var banner = page.Locator("#health");
        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(banner).ToBeEmptyAsync();
        _console.WorkflowsService.Ailment = "PostgreSQL at 127.0.0.1:5432 refuses connections";
        await Expect(banner).ToContainTextAsync(
            "The workflows service is unhealthy: postgres – PostgreSQL at 127.0.0.1:5432 refuses connections.", new() { Timeout = 8_000 });
        await Expect(page.Locator("#announcer")).ToContainTextAsync("unhealthy");
        await Chromium.PhotographAsync(page, "Banner");
        _console.WorkflowsService.Ailment = null;
        await Expect(banner).Not.ToContainTextAsync("unhealthy", new() { Timeout = 8_000 });
    }

    [Fact]
    public async Task A_service_that_hangs_does_not_hold_back_the_word_about_it()
    {
        var page = await chromium.PageAsync(_console.Address);
        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        (_console.WorkflowsService.IsStuck, _console.WorkflowsService.Ailment) = (true, "no answer in time");
        await Expect(page.Locator("#health")).ToContainTextAsync("no answer in time", new() { Timeout = 6_000 });
    }

    [Fact]
    public async Task The_overview_calls_a_service_healthy_only_while_it_is()
    {
        var page = await chromium.PageAsync(_console.Address);
        var services = page.Locator("#overview-services");
        await Expect(services.Locator(".status.ok")).ToHaveCountAsync(2);
        await Chromium.PhotographAsync(page, "Healthy");
        _console.WorkflowsService.Ailment = "PostgreSQL at 127.0.0.1:5432 refuses connections";
        await _console.PipelinesService.DisposeAsync();
        await Expect(services.Locator(".status.ok")).ToHaveCountAsync(0);
        await Expect(services).ToContainTextAsync("The pipelines service is not reachable");
        await Expect(services.GetByRole(AriaRole.Link, new() { Name = "Its process and its log, in the dashboard" })).ToHaveCountAsync(2);
        await Chromium.PhotographAsync(page, "Unhealthy");
        (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("the page scrolls sideways");
        await page.Locator("#health").GetByRole(AriaRole.Link, new() { Name = "Services" }).First.ClickAsync();
        page.Url.ShouldEndWith("/#services");
    }
}
