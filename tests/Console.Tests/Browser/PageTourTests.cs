using Conductor.Console.Tests.StandIns;
using Conductor.Engines;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

[assembly: AssemblyFixture(typeof(Conductor.Console.Tests.Browser.Chromium))]

namespace Conductor.Console.Tests.Browser;

[Integration]
public sealed class PageTourTests(Chromium chromium, ConsoleUnderTest console) : IClassFixture<ConsoleUnderTest>
{
    public static TheoryData<string, string> Pages => new()
    {
        { "/", "Overview" },
        { "/workflows", "Workflows" },
        { "/workflows?status=FAILED&name=order_fulfilment", "Workflows" },
        { "/workflows/start?name=order_fulfilment", "Start a workflow" },
        { $"/workflows/{WorkflowsStandIn.Running}", OrderDefinition.Name },
        { $"/workflows/{WorkflowsStandIn.Failed}?task=reserve_stock", OrderDefinition.Name },
        { $"/workflows/{WorkflowsStandIn.Completed}", OrderDefinition.Name },
        { "/definitions", "Definitions" },
        { $"/definitions/{OrderDefinition.Name}", OrderDefinition.Name },
        { "/pipelines", "Pipelines" },
        { "/pipelines/solar-system", "solar-system" },
        { "/topics", "Topics" },
        { $"/topics/rabbitmq/{TopicsStandIn.Alerts}", TopicsStandIn.Alerts },
        { $"/topics/rabbitmq/{TopicsStandIn.Alerts}?partition=0&offset=1130", TopicsStandIn.Alerts },
        { "/no/such/page", "Nothing here" },
        { "/workflows/no-such", "No such workflow" },
        { "/definitions/no-such", "No such definition" },
        { "/pipelines/no-such", "No such pipeline" },
        { "/topics/rabbitmq/no-such", "No such topic" },
    };

    // The rows of a table are alike, and a look at each takes a minute.
    private static AxeRunContext FirstRows => new() { Exclude = [new AxeSelector("tbody tr:nth-child(n + 4)")] };

    // What differs in the dark.
    private static AxeRunOptions Colours => new() { RunOnly = new() { Type = "rule", Values = ["color-contrast"] } };

    [Theory, MemberData(nameof(Pages))]
    public async Task A_page_has_one_heading_landmarks_and_no_complaint_of_the_browser(string path, string heading)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            var page = await chromium.PageAsync(console.Address, scheme: scheme);
            var complaints = new List<string>();
            page.Console += (_, message) =>
            {
                if (message.Type is "error" or "warning" && !message.Text.Contains("404", StringComparison.Ordinal))
                    complaints.Add(message.Text);
            };
            page.PageError += (_, error) => complaints.Add(error);
            await page.GotoAsync(path);
            (await page.Locator("h1").AllInnerTextsAsync()).ShouldBe([heading]);
            await Expect(page.Locator("main")).ToHaveCountAsync(1);
            await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
            (await page.Locator("table:not(:has(caption))").CountAsync()).ShouldBe(0);
            (await page.Locator("th:not([scope])").CountAsync()).ShouldBe(0);
            (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("the page scrolls sideways");
            complaints.ShouldBeEmpty();
            var barriers = await page.RunAxe(FirstRows, scheme == ColorScheme.Light ? null : Colours);
            barriers.Violations.Select(v => $"{v.Id}: {v.Help}: {v.Nodes[0].Html}").ShouldBeEmpty();
            var name = new string([.. path.Select(c => char.IsLetterOrDigit(c) ? c : '_')]);
            await Chromium.PhotographAsync(page, $"{scheme}{name}");
            await page.Context.CloseAsync();
        }
    }
}
