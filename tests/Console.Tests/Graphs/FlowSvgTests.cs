using System.Xml.Linq;
using Conductor.Console.Clients.Workflows;
using Conductor.Console.Graphs;

namespace Conductor.Console.Tests.Graphs;

public sealed class FlowSvgTests
{
    [Fact]
    public void Every_task_is_a_link_whose_name_tells_its_status_and_attempts()
    {
        var svg = Draw(Definitions.Execution("FAILED"));
        var names = svg.Descendants("a").ToDictionary(
            a => a.Attribute("href")!.Value + a.Attribute("class")!.Value.Contains("loopend", StringComparison.Ordinal), a => a.Attribute("aria-label")!.Value);
        names["/t/reserve_stockFalse"].ShouldBe("reserve_stock, SIMPLE, attempt 2, failed");
        names["/t/by_methodFalse"].ShouldBe("by_method, SWITCH, completed");
        names["/t/shipFalse"].ShouldBe("ship, SUB_WORKFLOW");
        names.Count.ShouldBe(14);
    }

    [Fact]
    public void Rounds_of_a_loop_are_counted() =>
        Draw(Definitions.Execution("COMPLETED")).Descendants("a").Select(a => a.Attribute("aria-label")!.Value)
            .ShouldContain("notify, SIMPLE, round 2, completed");

    [Fact]
    public void A_status_has_an_icon_and_not_only_a_colour()
    {
        var nodes = Draw(Definitions.Execution("FAILED")).Descendants("a").ToList();
        nodes.Where(a => a.Attribute("class")!.Value.Contains(" failed", StringComparison.Ordinal)).ShouldAllBe(a => a.Elements("path").Any());
        nodes.Count(a => a.Elements("path").Any()).ShouldBe(8);
    }

    [Fact]
    public void Only_the_way_that_was_taken_is_marked()
    {
        var taken = Draw(Definitions.Execution("COMPLETED")).Elements("path").Count(path => path.Attribute("class")!.Value == "edge taken");
        // Everything but the ways into reject and survey, and the empty case of the switch.
        taken.ShouldBe(14);
    }

    [Fact]
    public void Text_of_a_definition_is_never_markup()
    {
        var hostile = Definitions.Read("""{"name":"x","tasks":[{"name":"x","taskReferenceName":"<script>alert(1)</script>"}]}""");
        var text = new FlowSvg(
            Definitions.Place(hostile), new Dictionary<string, NodeState>(StringComparer.Ordinal), "<b>", selected: null, reference => reference).Render();
        text.ShouldNotContain("<script>");
        text.ShouldContain("&lt;b&gt;");
    }

    [Fact]
    public void The_picture_has_a_title_and_a_description()
    {
        var svg = Draw(Definitions.Execution("RUNNING"));
        svg.Element("title")!.Value.ShouldBe("order");
        svg.Element("desc")!.Value.ShouldContain("13 tasks");
        svg.Attribute("aria-labelledby")!.Value.ShouldBe("flow-title flow-desc");
    }

    [Fact]
    public void A_dynamic_fork_shows_the_branches_that_its_execution_was_given()
    {
        var definition = Definitions.Read(
            """{"name":"d","tasks":[{"name":"f","taskReferenceName":"f","type":"FORK_JOIN_DYNAMIC"},{"name":"j","taskReferenceName":"j","type":"JOIN"}]}""");
        var task = System.Text.Json.JsonSerializer.Deserialize<TaskExecution>(
            """{"referenceTaskName":"f","inputData":{"forkedTaskDefs":[{"name":"x","taskReferenceName":"x1"},{"name":"x","taskReferenceName":"x2"}]}}""",
            System.Text.Json.JsonSerializerOptions.Web)!;
        FlowBuilder.Build(definition, NodeState.DynamicBranches([task])).Nodes.Select(node => node.Reference).ShouldBe(["", "f", "x1", "x2", "j", ""]);
    }

    [Fact]
    public void The_graph_can_be_taken_as_Mermaid_text()
    {
        var execution = Definitions.Execution("FAILED");
        var text = FlowText.Mermaid(FlowBuilder.Build(execution.WorkflowDefinition!), NodeState.Of(execution.Tasks));
        text.ShouldStartWith(
            "flowchart TD\n    n0([\"start\"])\n    n1[\"validate<br/>SIMPLE<br/>COMPLETED\"]\n    n2{\"by_method<br/>SWITCH<br/>COMPLETED\"}\n");
        text.ShouldContain("    n2 -->|\"card\"| n3\n");
        text.ShouldContain("-.->|\"repeat\"|");
    }

    private static XElement Draw(ExecutionView execution) =>
        XElement.Parse(new FlowSvg(
            Definitions.Place(execution.WorkflowDefinition!), NodeState.Of(execution.Tasks), "order", selected: null, reference => $"/t/{reference}").Render());
}
