using Conductor.Console.Tests.StandIns;
using Conductor.Engines;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Conductor.Console.Tests.Browser;

[Integration]
public sealed class WorkflowBrowserTests(Chromium chromium) : IAsyncLifetime
{
    private readonly ConsoleUnderTest _console = new();

    public ValueTask InitializeAsync() => _console.InitializeAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task Filtering_narrows_the_list_and_the_address_can_be_shared()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync("/workflows");
        await page.GetByLabel("Correlation id").FillAsync("A-2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await Expect(Rows(page).First).ToContainTextAsync(WorkflowsStandIn.Failed);

        var other = await chromium.PageAsync(_console.Address);
        await other.GotoAsync(page.Url);
        await Expect(Rows(other)).ToHaveCountAsync(1);
        await Expect(other.GetByLabel("Correlation id")).ToHaveValueAsync("A-2");

        await page.GetByRole(AriaRole.Link, new() { Name = "Clear" }).ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(50);
    }

    [Fact]
    public async Task Counts_by_status_are_links_to_what_they_count()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync("/workflows");
        var terminated = page.GetByRole(AriaRole.Navigation, new() { Name = "By status" }).GetByRole(AriaRole.Link, new() { Name = "terminated" });
        await Expect(terminated).ToContainTextAsync("5");
        await terminated.ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(5);
        await Expect(page.GetByLabel("Status", new() { Exact = true })).ToHaveValueAsync("TERMINATED");
    }

    [Fact]
    public async Task Paging_shows_every_workflow_once()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync("/workflows");
        var first = await Rows(page).Locator("th a").AllInnerTextsAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(13);
        await Expect(page.GetByText("63 in all")).ToBeVisibleAsync();
        var second = await Rows(page).Locator("th a").AllInnerTextsAsync();
        first.Concat(second).Distinct(StringComparer.Ordinal).Count().ShouldBe(63);
        await page.GetByRole(AriaRole.Link, new() { Name = "Newer" }).ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(50);
        (await Rows(page).Locator("th a").AllInnerTextsAsync()).ShouldBe(first);
    }

    [Fact]
    public async Task Open_pages_ask_nothing_while_nothing_changes_and_together_once_when_something_does()
    {
        for (var i = 0; i < 3; i++)
        {
            var page = await chromium.PageAsync(_console.Address);
            await page.GotoAsync("/workflows");
            await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        }
        // The feed's first words, that it is there, are a change to whoever listens.
        await Task.Delay(TimeSpan.FromSeconds(7), TestContext.Current.CancellationToken);
        var before = Searches();
        await Task.Delay(TimeSpan.FromSeconds(7), TestContext.Current.CancellationToken);
        Searches().ShouldBe(before);
        _console.WorkflowsService.Changed();
        await Task.Delay(TimeSpan.FromSeconds(7), TestContext.Current.CancellationToken);
        Searches().ShouldBe(before + 1);

        int Searches() => _console.WorkflowsService.Requests.Count(request => request.Contains("/api/workflow/search", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_graph_is_walked_with_Tab_and_opened_with_Enter()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync($"/workflows/{WorkflowsStandIn.Failed}");
        await page.Locator(".canvas").FocusAsync();
        var walked = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            walked.Add(await page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label') ?? ''"));
        }
        walked.ShouldBe([
            "validate, SIMPLE, completed", "by_method, SWITCH, completed", "charge_card, SIMPLE, completed", "reject, TERMINATE",
            "prepare, FORK_JOIN, completed", "reserve_stock, SIMPLE, attempt 2, failed", "book_shipping, SIMPLE, completed", "print_label, SIMPLE, completed",
            "survey, SIMPLE", "prepared, JOIN, failed", "remind, DO_WHILE", "notify, SIMPLE",
        ]);
        for (var i = 0; i < 6; i++)
            await page.Keyboard.PressAsync("Shift+Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Task reserve_stock" })).ToBeVisibleAsync();
        await Expect(page.Locator("#task")).ToContainTextAsync("stock service timed out after 15 s");
        await Expect(page.Locator("#task details")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task A_change_reaches_an_open_page_by_itself()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync($"/workflows/{WorkflowsStandIn.Running}");
        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(Header(page)).ToContainTextAsync("running");
        _console.Workflows.Set(WorkflowsStandIn.Running, "FAILED", "the warehouse burnt down");
        _console.WorkflowsService.Changed();
        await Expect(Header(page)).ToContainTextAsync("the warehouse burnt down");
        await Expect(page.Locator("#announcer")).ToContainTextAsync("failed");
    }

    [Fact]
    public async Task A_live_page_keeps_the_focus_and_an_open_confirmation()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync($"/workflows/{WorkflowsStandIn.Running}");
        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByText("Terminate…").ClickAsync();
        await page.GetByLabel("Reason").FillAsync("half a rea");
        _console.Workflows.Set(WorkflowsStandIn.Running, "PAUSED");
        var refreshed = page.WaitForResponseAsync(answer => answer.Request.Headers.ContainsKey("x-live"));
        _console.WorkflowsService.Changed();
        await refreshed;
        await Expect(page.GetByLabel("Reason")).ToHaveValueAsync("half a rea");
        await page.GetByText("Terminate…").ClickAsync();
        await Expect(Header(page)).ToContainTextAsync("paused");
        await page.Locator("a.node").First.FocusAsync();
        _console.Workflows.Set(WorkflowsStandIn.Running, "RUNNING");
        _console.WorkflowsService.Changed();
        await Expect(Header(page)).ToContainTextAsync("running");
        (await page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label')")).ShouldStartWith("validate");
    }

    [Fact]
    public async Task Rows_of_an_open_list_stay_where_they_are_and_what_is_new_is_shown_when_asked_for()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync("/workflows");
        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        var before = await Rows(page).Locator("th a").AllInnerTextsAsync();
        await Rows(page).Nth(1).Locator("td a").First.FocusAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        for (var i = 0; i < 3; i++) _console.Workflows.Add(OrderExecution.Json($"55555555-0000-4000-8000-00000000000{i}", "RUNNING", now + i, "C"));
        _console.Workflows.Set(WorkflowsStandIn.Running, "FAILED", "the warehouse burnt down");
        _console.WorkflowsService.Changed();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "3 new: show" })).ToBeVisibleAsync();
        (await Rows(page).Locator("th a").AllInnerTextsAsync()).ShouldBe(before);
        await Expect(Rows(page).First).ToContainTextAsync("the warehouse burnt down");
        (await page.EvaluateAsync<string>("document.activeElement.closest('tr').dataset.key")).ShouldBe(before[1]);
        await page.GetByRole(AriaRole.Button, new() { Name = "3 new: show" }).ClickAsync();
        await Expect(Rows(page).First).ToContainTextAsync("55555555-0000-4000-8000-000000000002");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "show" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_log_of_a_task_is_shown_with_its_attempt()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync($"/workflows/{WorkflowsStandIn.Failed}?task=reserve_stock");
        await Expect(page.Locator("#task ol.log").First).ToContainTextAsync("asks the warehouse <b>7</b>");
    }

    [Fact]
    public async Task The_console_reads_a_change_feed_only_while_a_page_is_open()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync("/workflows/start");
        await Eventually.IsTrueAsync(() => _console.WorkflowsService.Readers == 0, "a page without live parts reads nothing");
        await page.GotoAsync("/workflows");
        await Eventually.IsTrueAsync(() => _console.WorkflowsService.Readers == 1, "one feed is read for an open page");
        var second = await chromium.PageAsync(_console.Address);
        await second.GotoAsync("/workflows");
        await Expect(second.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        _console.WorkflowsService.Readers.ShouldBe(1);
        await page.CloseAsync();
        await second.GotoAsync("/pipelines");
        await Eventually.IsTrueAsync(() => _console.WorkflowsService.Readers == 0 && _console.PipelinesService.Readers == 1,
            "the feed is left with the last page");
    }

    [Fact]
    public async Task Pausing_resuming_terminating_retrying_and_restarting_tell_the_state_that_came_of_it()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync($"/workflows/{WorkflowsStandIn.Running}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.GetByText("Paused; the workflow is now paused.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.GetByText("Resumed; the workflow is now running.")).ToBeVisibleAsync();
        await page.GetByText("Terminate…").ClickAsync();
        await page.GetByLabel("Reason").FillAsync("not wanted & unpaid");
        await Chromium.PhotographAsync(page, "Confirm");
        await page.GetByRole(AriaRole.Button, new() { Name = "Terminate the workflow" }).ClickAsync();
        await Expect(page.GetByText("Terminated; the workflow is now terminated.")).ToBeVisibleAsync();
        _console.WorkflowsService.Requests.ShouldContain($"DELETE /api/workflow/{WorkflowsStandIn.Running}?reason=not wanted & unpaid");
        await page.GetByText("Retry…").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry the failed tasks" }).ClickAsync();
        await Expect(page.GetByText("Retried; the workflow is now running.")).ToBeVisibleAsync();
        await page.GotoAsync($"/workflows/{WorkflowsStandIn.Completed}");
        await page.GetByText("Restart…").ClickAsync();
        await page.GetByLabel("with the latest version").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Restart from the beginning" }).ClickAsync();
        await Expect(page.GetByText("Restarted; the workflow is now running.")).ToBeVisibleAsync();
        _console.WorkflowsService.Requests.ShouldContain($"POST /api/workflow/{WorkflowsStandIn.Completed}/restart?useLatestDefinitions=true");
        await page.ReloadAsync();
        await Expect(page.GetByText("Restarted;")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_refused_action_says_why_and_is_not_called_done()
    {
        var page = await chromium.PageAsync(_console.Address);
        _console.Workflows.Set(WorkflowsStandIn.Running, "RUNNING");
        await page.RouteAsync("**/events?**", route => route.AbortAsync());
        await page.GotoAsync($"/workflows/{WorkflowsStandIn.Running}");
        _console.Workflows.Set(WorkflowsStandIn.Running, "COMPLETED");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.Locator(".notice.failed")).ToContainTextAsync("Not paused: Workflow");
        await Expect(page.Locator(".notice.failed")).ToContainTextAsync("is COMPLETED");
    }

    [Fact]
    public async Task Starting_a_workflow_checks_the_input_and_leads_to_the_execution()
    {
        var page = await chromium.PageAsync(_console.Address);
        await page.GotoAsync($"/definitions/{OrderDefinition.Name}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Start", Exact = true }).ClickAsync();
        await Expect(page.GetByLabel("Input")).ToHaveValueAsync("{\n  \"orderId\": \"\",\n  \"method\": \"card\"\n}");
        await page.GetByLabel("Input").FillAsync("{ \"orderId\": }");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Expect(page.Locator(".notice.failed")).ToContainTextAsync("not JSON, in line 1");
        await Expect(page.GetByLabel("Input")).ToHaveValueAsync("{ \"orderId\": }");
        await page.GetByLabel("Input").FillAsync("{ \"orderId\": \"Z-9\" }");
        await page.GetByLabel("Correlation id").FillAsync("Z-9");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync(OrderDefinition.Name);
        await Expect(page.GetByText($"Started {OrderDefinition.Name}.")).ToBeVisibleAsync();
        await Expect(Header(page)).ToContainTextAsync("Z-9");
    }

    [Fact]
    public async Task A_service_that_goes_away_is_said_and_its_return_is_seen_without_a_reload()
    {
        var page = await chromium.PageAsync(_console.Address);
        _console.WorkflowsService.IsDown = true;
        await page.GotoAsync("/workflows");
        await Expect(page.Locator(".problem")).ToContainTextAsync("The workflows service");
        await Expect(page.Locator("body")).Not.ToContainTextAsync("Exception");
        await Chromium.PhotographAsync(page, "Down");
        _console.WorkflowsService.IsDown = false;
        await Expect(Rows(page)).ToHaveCountAsync(50, new() { Timeout = 40_000 });
    }

    private static ILocator Rows(IPage page) => page.Locator("#workflow-list tbody tr");

    private static ILocator Header(IPage page) => page.Locator(".facts-panel");
}
