using Conductor.Console.Graphs;

namespace Conductor.Console.Tests.Graphs;

public sealed class LayeredLayoutTests
{
    private const string TwoTasks = """{"name":"two","tasks":[{"name":"x","taskReferenceName":"a"},{"name":"y","taskReferenceName":"b"}]}""";

    [Fact]
    public void A_sequence_is_a_column() =>
        FlowText.Places(Definitions.Place(Definitions.Read(TwoTasks))).ShouldBe("""
            n0 Start start at 78,16 size 64x26
            n1 Task a at 16,84 size 188x44
            n2 Task b at 16,170 size 188x44
            n3 End end at 78,256 size 64x26
            n0 -> n1 Normal: 110,42 110,84
            n1 -> n2 Normal: 110,128 110,170
            n2 -> n3 Normal: 110,214 110,256

            """, StringCompareShould.IgnoreLineEndings);

    [Fact]
    public void Branches_are_side_by_side_and_an_empty_case_keeps_a_column_free() =>
        FlowText.Places(Definitions.Place(Definitions.Read("""
            {"name":"s","tasks":[
              {"name":"s","taskReferenceName":"s","type":"SWITCH","decisionCases":{"one":[{"name":"x","taskReferenceName":"a"}]},"defaultCase":[]},
              {"name":"y","taskReferenceName":"b"}]}
            """))).ShouldBe("""
            n0 Start start at 152,16 size 64x26
            n1 Switch s at 90,84 size 188x44
            n2 Task a at 16,170 size 188x44
            n3 Task b at 90,256 size 188x44
            n4 End end at 152,342 size 64x26
            n0 -> n1 Normal: 184,42 184,84
            n1 -> n2 Normal [one]: 184,128 184,149 110,149 110,170
            n2 -> n3 Normal: 110,214 110,235 184,235 184,256
            n1 -> n3 Normal [default]: 184,128 184,149 258,149 258,235 184,235 184,256
            n3 -> n4 Normal: 184,300 184,342

            """, StringCompareShould.IgnoreLineEndings);

    [Fact]
    public void A_loop_is_framed_and_leads_back_to_its_head()
    {
        var flow = Definitions.Place(Definitions.Read(
            """{"name":"l","tasks":[{"name":"l","taskReferenceName":"l","type":"DO_WHILE","loopOver":[{"name":"x","taskReferenceName":"a"}]}]}"""));
        var frame = flow.Frames.ShouldHaveSingleItem();
        foreach (var node in flow.Nodes.Where(node => node.Reference is "l" or "a"))
        {
            node.X.ShouldBeGreaterThan(frame.X);
            (node.X + node.Width).ShouldBeLessThan(frame.X + frame.Width);
            node.Bottom.ShouldBeLessThan(frame.Y + frame.Height);
        }
        var back = flow.Edges.Single(edge => edge.Kind == FlowEdgeKind.Back);
        (back.From.Shape, back.To.Shape).ShouldBe((FlowShape.LoopEnd, FlowShape.Loop));
        back.Points.Max(point => point.X).ShouldBeLessThan(frame.X + frame.Width);
    }

    [Fact]
    public void A_branch_that_the_join_does_not_wait_for_is_told_apart_and_a_terminated_one_ends()
    {
        var flow = Definitions.Place(Definitions.Order());
        flow.Edges.Where(edge => edge.Kind == FlowEdgeKind.NotAwaited).Select(edge => edge.From.Reference).ShouldBe(["survey"]);
        flow.Edges.Where(edge => edge.From.Reference == "reject").ShouldBeEmpty();
    }

    [Fact]
    public void The_same_definition_is_always_drawn_the_same() =>
        FlowText.Places(Definitions.Place(Definitions.Order())).ShouldBe(FlowText.Places(Definitions.Place(Definitions.Order())));

    [Fact]
    public void No_node_covers_another_and_every_edge_leads_down() => Check(Definitions.Place(Definitions.Order()));

    [Fact]
    public void Definitions_of_other_people_are_drawn_without_overlap()
    {
        if (SharedFiles.Folder("data/workflows") is not { } folder)
        {
            Assert.Skip("The definitions of conductor-oss are not here (CONDUCTOR_SHARED).");
            return;
        }
        var files = Directory.GetFiles(folder, "*.json");
        files.Length.ShouldBeGreaterThan(10);
        foreach (var file in files)
            Check(Definitions.Place(Definitions.Read(File.ReadAllText(file))));
    }

    private static void Check(Flow flow)
    {
        var nodes = flow.Nodes;
        for (var i = 0; i < nodes.Count; i++)
        {
            for (var j = i + 1; j < nodes.Count; j++)
            {
                var apart = nodes[i].X + nodes[i].Width <= nodes[j].X || nodes[j].X + nodes[j].Width <= nodes[i].X || nodes[i].Bottom <= nodes[j].Y
                    || nodes[j].Bottom <= nodes[i].Y;
                apart.ShouldBeTrue($"{nodes[i].Reference} covers {nodes[j].Reference}");
            }
            (nodes[i].X >= 0 && nodes[i].X + nodes[i].Width <= flow.Width && nodes[i].Bottom <= flow.Height)
                .ShouldBeTrue($"{nodes[i].Reference} is off the picture");
        }
        foreach (var edge in flow.Edges.Where(edge => edge.Kind != FlowEdgeKind.Back))
            edge.Points[^1].Y.ShouldBeGreaterThan(edge.Points[0].Y, $"{edge.From.Reference} -> {edge.To.Reference}");
    }
}
