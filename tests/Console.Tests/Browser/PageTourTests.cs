using Conductor.Console.Tests.StandIns;
using Conductor.Engines;
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

    [Theory, MemberData(nameof(Pages))]
    public async Task A_page_has_one_heading_landmarks_and_no_complaint_of_the_browser(string path, string heading)
    {
        var page = await chromium.PageAsync(console.Address);
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !message.Text.Contains("404", StringComparison.Ordinal))
                complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.GotoAsync(path);
            (await page.Locator("h1").AllInnerTextsAsync()).ShouldBe([heading]);
            await Expect(page.Locator("main")).ToHaveCountAsync(1);
            await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
            (await page.Locator("table:not(:has(caption))").CountAsync()).ShouldBe(0);
            (await page.Locator("th:not([scope])").CountAsync()).ShouldBe(0);
            (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("the page scrolls sideways");
            complaints.ShouldBeEmpty();
            (await Chromium.BarriersAsync(page)).ShouldBeEmpty();
            var name = new string([.. path.Select(c => char.IsLetterOrDigit(c) ? c : '_')]);
            await Chromium.PhotographAsync(page, $"{scheme}{name}");
        }
    }
}
