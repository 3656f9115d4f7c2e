using Conductor.Domain.Streams.Pipelines;

namespace Conductor.Domain.Tests.Streams;

public sealed class PipelineLoopsTests
{
    [Fact]
    public void A_topic_that_is_source_and_sink_is_a_loop() =>
        Told(Pipeline("p", Node("n", Topic("t"), ToTopic("t")))).ShouldBe([
            "components.n.source: its records would go round for ever: topic 't' → p/n → topic 't'"]);

    [Fact]
    public void A_loop_over_several_topics_of_several_pipelines_is_found_where_the_last_of_them_is_registered()
    {
        var first = Pipeline("a", Node("forth", Topic("t1"), ToTopic("t2")));
        var last = Pipeline("b", Node("back", Topic("t2"), ToTopic("t1")));
        Told(first).ShouldBeEmpty();
        Told(last, first).ShouldBe(["components.back.source: its records would go round for ever: topic 't2' → b/back → topic 't1' → a/forth → topic 't2'"]);
    }

    [Fact]
    public void A_node_on_its_own_dead_letters_is_a_loop_and_a_node_on_those_of_another_pipeline_is_none()
    {
        Told(Pipeline("p", Node("n", Topic("p.dead-letters"), ToTopic("t")))).ShouldHaveSingleItem();
        Told(Pipeline("repair", Node("n", Topic("p.dead-letters"), ToTopic("repaired"))), Pipeline("p", Node("n", Topic("t"), ToTopic("u")))).ShouldBeEmpty();
    }

    [Fact]
    public void A_folder_that_is_source_and_sink_is_a_loop_however_it_is_written() =>
        Told(Pipeline("p", Node("n", new FolderSource("in/../files"), new AvroFilesSink("s", "/data/files/")))).ShouldHaveSingleItem();

    [Fact]
    public void A_way_that_parts_and_meets_again_is_no_loop_and_neither_is_a_pipeline_beside_its_own_former_self()
    {
        var both = Pipeline("p", Node("part", Topic("t"), ToTopic("u"), ToTopic("v")),
            Node("left", Topic("u"), ToTopic("w")), Node("right", Topic("v"), ToTopic("w")));
        Told(both).ShouldBeEmpty();
        Told(Pipeline("p", Node("n", Topic("b"), ToTopic("a"))), Pipeline("p", Node("n", Topic("a"), ToTopic("b")))).ShouldBeEmpty();
    }

    private static List<string> Told(PipelineDefinition definition, params PipelineDefinition[] others) =>
        [.. PipelineLoops.Check(definition, others, folder => Path.GetFullPath(folder, "/data")).Select(e => $"{e.Path}: {e.Message}")];

    private static PipelineDefinition Pipeline(string name, params ProcessingNode[] nodes) => new(name, nodes);

    private static ProcessingNode Node(string name, SourceDefinition source, params SinkDefinition[] sinks) => new(name) { Source = source, Sinks = sinks };

    private static TopicSource Topic(string topic) => new(topic, "g");

    private static TopicSink ToTopic(string topic) => new(topic, topic);
}
