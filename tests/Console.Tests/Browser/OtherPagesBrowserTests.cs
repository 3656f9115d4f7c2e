using Conductor.Console.Tests.StandIns;
using Conductor.Engines;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Conductor.Console.Tests.Browser;

[Integration]
public sealed class OtherPagesBrowserTests(Chromium chromium) : IAsyncLifetime
{
    private readonly ConsoleUnderTest _console = new();

    public ValueTask InitializeAsync() => _console.InitializeAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task Every_page_is_reached_by_clicking()
    {
        var page = await chromium.PageAsync(_console.Address);
        var navigation = page.GetByRole(AriaRole.Navigation, new() { Name = "Main" });
        foreach (var name in new[] { "Workflows", "Definitions", "Pipelines", "Topics", "Overview" })
        {
            await navigation.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
            await Expect(page.Locator("h1")).ToHaveTextAsync(name);
            await Expect(navigation.Locator(".active")).ToHaveTextAsync(name);
        }
        await page.GetByRole(AriaRole.Link, new() { Name = "1 failed", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = WorkflowsStandIn.Failed }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "version 2" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "prepare, FORK_JOIN" }).ClickAsync();
        page.Url.ShouldEndWith($"/definitions/{OrderDefinition.Name}?version=2#task-prepare");
        await page.GetByRole(AriaRole.Link, new() { Name = "Mermaid text" }).ClickAsync();
        await Expect(page.Locator("body")).ToContainTextAsync("flowchart TD");
    }

    [Fact]
    public async Task Without_script_everything_is_read_and_done()
    {
        var page = await chromium.PageAsync(_console.Address, script: false);
        await page.GotoAsync($"/workflows/{WorkflowsStandIn.Running}");
        await Expect(page.Locator("svg.flow a.node")).ToHaveCountAsync(14);
        await page.GetByText("Terminate…").ClickAsync();
        await page.GetByLabel("Reason").FillAsync("no script");
        await page.GetByRole(AriaRole.Button, new() { Name = "Terminate the workflow" }).ClickAsync();
        await Expect(page.GetByText("Terminated; the workflow is now terminated.")).ToBeVisibleAsync();
        await page.GotoAsync("/pipelines");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start bright-transients" }).ClickAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync("it is now running");
    }

    [Fact]
    public async Task A_pipeline_is_stopped_and_its_counters_move_by_themselves()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync("/pipelines/solar-system");
        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        _console.Pipelines.Read = 123_456;
        _console.PipelinesService.Changed();
        await Expect(page.Locator("tbody").First).ToContainTextAsync("123,456");
        await page.GetByText("Stop…").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop solar-system" }).ClickAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync("The stop of solar-system was accepted; it is now draining.");
        _console.Pipelines.StateOf("solar-system").ShouldBe("Draining");
    }

    [Fact]
    public async Task A_dead_letter_is_downloaded_with_its_original_bytes()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync("/pipelines/solar-system");
        await Expect(page.Locator("#dead-letters tbody tr")).ToHaveCountAsync(2);
        var download = await page.RunAndWaitForDownloadAsync(
            () => page.GetByRole(AriaRole.Link, new() { Name = "Download solar-system.dead-letters 0 7" }).ClickAsync());
        download.SuggestedFilename.ShouldBe("solar-system.dead-letters-0-7.bin");
        (await File.ReadAllBytesAsync((await download.PathAsync())!, TestContext.Current.CancellationToken)).ShouldBe(PipelinesStandIn.Letter);
    }

    [Fact]
    public async Task Logging_in_by_the_form_leads_to_the_page_that_was_asked_for_and_logging_out_ends_it()
    {
        var page = await chromium.PageAsync(_console.Address, loggedIn: false);
        await page.GotoAsync("/pipelines?state=Running");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Log in");
        await Chromium.PhotographAsync(page, "Login");
        await page.GetByLabel("Login token").FillAsync("wrong-token-wrong-token");
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not this console's token");
        await page.GetByLabel("Login token").FillAsync(ConsoleUnderTest.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Pipelines");
        page.Url.ShouldEndWith("/pipelines?state=Running");
        await page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Log in");
        await page.GotoAsync("/");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Log in");
    }
}
