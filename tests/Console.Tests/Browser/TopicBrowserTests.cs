using Conductor.Console.Tests.StandIns;
using Conductor.Engines;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Conductor.Console.Tests.Browser;

[Integration]
public sealed class TopicBrowserTests(Chromium chromium) : IAsyncLifetime
{
    private const string Alerts = $"/topics/rabbitmq/{TopicsStandIn.Alerts}";
    private readonly ConsoleUnderTest _console = new();

    public ValueTask InitializeAsync() => _console.InitializeAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task The_lag_of_a_group_falls_while_it_catches_up_and_records_are_found_by_offset_and_by_time()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync("/topics");
        await page.GetByRole(AriaRole.Link, new() { Name = TopicsStandIn.Alerts, Exact = true }).ClickAsync();
        var lag = page.GetByRole(AriaRole.Region, new() { Name = "Groups" }).Locator("tbody td").Nth(1);
        await Expect(lag).ToHaveTextAsync("45");
        foreach (var waiting in new[] { 20, 0 })
        {
            _console.Topics.Lag = waiting;
            _console.PipelinesService.Changed();
            await Expect(lag).ToHaveTextAsync($"{waiting}");
        }

        await page.GetByLabel("From offset").FillAsync("1117");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await Expect(Records(page).First.Locator("th").First).ToHaveTextAsync("1117");
        await Expect(page.GetByLabel("From offset")).ToHaveValueAsync("1117");
        await page.GetByLabel("From offset").FillAsync("");
        await page.GetByLabel("or from time (UTC)").FillAsync("2026-11-21T10:29:30");
        await page.GetByRole(AriaRole.Button, new() { Name = "Find" }).ClickAsync();
        await Expect(Records(page).First.Locator("th").First).ToHaveTextAsync("1130");
        await Expect(Records(page).First.Locator("time")).ToHaveAttributeAsync("title", "2026-11-21 10:30:00.000 UTC");
        await Chromium.PhotographAsync(page, "Records");
    }

    [Fact]
    public async Task Numbers_that_no_feed_tells_of_are_asked_for_again()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync(Alerts);
        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        _console.Topics.Lag = 7;
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Groups" }).Locator("tbody td").Nth(1)).ToHaveTextAsync("7");
    }

    [Fact]
    public async Task New_records_are_told_and_shown_when_they_are_asked_for()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync(Alerts);
        _console.Topics.End += 3;
        _console.PipelinesService.Changed();
        await page.GetByRole(AriaRole.Button, new() { Name = "3 new: show" }).ClickAsync();
        await Expect(Records(page).First.Locator("th").First).ToHaveTextAsync("1162");
    }

    [Fact]
    public async Task Without_script_records_are_paged_opened_and_downloaded()
    {
        var page = await chromium.PageAsync(_console.Address, script: false);
        await page.GotoAsync(Alerts);
        await Expect(Records(page).First.Locator("th").First).ToHaveTextAsync("1159");
        await page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();
        await Expect(Records(page).First.Locator("th").First).ToHaveTextAsync("1134");
        await page.GetByRole(AriaRole.Link, new() { Name = "Newer" }).ClickAsync();
        await Expect(Records(page).First.Locator("th").First).ToHaveTextAsync("1159");
        await page.GetByLabel("From offset").FillAsync("1130");
        await page.GetByLabel("From offset").PressAsync("Enter");
        await page.GetByText("2 headers and the value of record 1130").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Headers of record 1130" })).ToContainTextAsync("alerts/ztf_1130.avro");
        await Expect(page.Locator("#record-0-1130")).ToContainTextAsync("The beginning of 60.4 kB, which are no text, in base64.");
        var download = await page.RunAndWaitForDownloadAsync(
            () => page.GetByRole(AriaRole.Link, new() { Name = "Download 0 1130" }).ClickAsync());
        download.SuggestedFilename.ShouldBe("alerts-0-1130.bin");
        (await File.ReadAllBytesAsync((await download.PathAsync())!, TestContext.Current.CancellationToken)).ShouldBe(TopicsStandIn.Packet);
    }

    [Fact]
    public async Task A_record_is_opened_with_the_keyboard_and_has_no_barriers()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync($"{Alerts}?offset=1100");
        await page.Locator("#record-0-1100 > summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#record-0-1100 pre")).ToBeVisibleAsync();
        (await Chromium.BarriersAsync(page)).ShouldBeEmpty();
        (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("the page scrolls sideways");
        await Chromium.PhotographAsync(page, "Record");
    }

    private static ILocator Records(IPage page) => page.Locator("#records tbody[data-key]");
}
