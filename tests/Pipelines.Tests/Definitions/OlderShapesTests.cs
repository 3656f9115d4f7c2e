using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Pipelines.Definitions;

namespace Conductor.Pipelines.Tests.Definitions;

/// <summary>The shapes of definitions that are older than <c>components:</c> by name with mappings as parameters.</summary>
public sealed class OlderShapesTests
{
    [Fact]
    public void A_single_component_with_params_as_a_list_is_read()
    {
        var parsed = PipelineYaml.Parse("""
            component:
              type: "processing-node"
              params:
                - kafkaurl: "kafka-head:9092"
                  topicid:  "ztf-buffer"
                  groupid:  "groupid-f2542d11"
              processors:
                filter:
                  class:
                    "uk.org.example.SolarSystemFilter"
                  params:
                    - action: "include"
                    - targets:
                      - "saturn"
                      - "jupiter"
                writer:
                  class: "uk.org.example.KafkaStreamWriter"
                  params:
                    - topicid: "topicid-aded3365"
                      groupid: "groupid-6f1ad6ce"
            """, "solar.yaml");
        parsed.Errors.ShouldBeEmpty();
        parsed.Definition!.Name.ShouldBe("solar");
        var node = parsed.Definition.Nodes.Single();
        node.Source.ShouldBe(new TopicSource("ztf-buffer", "groupid-f2542d11"));
        var filter = node.Processors.Single();
        (filter.Name, filter.Class).ShouldBe(("filter", "solar-system-filter"));
        filter.Parameters["targets"].ShouldBe(["saturn", "jupiter"]);
        node.Sinks.ShouldBe([new TopicSink("writer", "topicid-aded3365")]);
        parsed.Warnings.Select(w => w.Path).ShouldBe(["component.params.kafkaurl", "component.processors.writer.params.groupid"], ignoreOrder: true);
    }

    [Fact]
    public void A_buffer_with_topics_as_a_list_of_lists_is_read()
    {
        var parsed = PipelineYaml.Parse("""
            name: buffer
            component:
                type: "kafka-buffer"
                instances: 4
                serviceid: "serviceid-903a2730"
                topics:
                    - topic:
                        - topicid: "topicid-c22d9283"
                          replication :  1
                          partitions  : 64
                    - topic:
                        - topicid: "topicid-6b5e41ac"
                          replication :  1
                          partitions  : 32
            """);
        parsed.Errors.ShouldBeEmpty();
        ((StreamBuffer)parsed.Definition!.Components.Single()).Topics.ShouldBe(
            [new TopicSpecification("topicid-c22d9283", 64), new TopicSpecification("topicid-6b5e41ac", 32)]);
    }

    [Fact]
    public void Components_and_topics_by_id_are_read()
    {
        var parsed = PipelineYaml.Parse("""
            name: chain
            components:
                "service-903a2730":
                    type: "kafka-buffer"
                    instances: 4
                    topics:
                        "topicid-c22d9283":
                            - replication :  1
                              partitions  : 64
                "processor-1a9b1a7f":
                    type: "processing-node"
                    instances: 4
                    source:
                        topicid: "topicid-c22d9283"
                        groupid: "groupid-f2542d11"
                    processors:
                        "processor-81ca1295":
                              class:
                                  "uk.org.example.SolarSystemFilter"
                              params:
                                  - action: "exclude"
                        "processor-6716a2b2":
                              class:
                                  "uk.org.example.KafkaStreamWriter"
                              params:
                                  - topicid: "topicid-aded3365"
            """);
        parsed.Errors.ShouldBeEmpty();
        ((StreamBuffer)parsed.Definition!.Components[0]).Topics.ShouldBe([new TopicSpecification("topicid-c22d9283", 64)]);
        var node = parsed.Definition.Nodes.Single();
        (node.Instances, node.Source).ShouldBe((4, new TopicSource("topicid-c22d9283", "groupid-f2542d11")));
        node.Sinks.ShouldBe([new TopicSink("processor-6716a2b2", "topicid-aded3365")]);
    }

    [Fact]
    public void A_filter_behind_a_writer_is_refused_because_it_would_change_nothing()
    {
        var parsed = PipelineYaml.Parse("""
            name: order
            components:
              node:
                type: processing-node
                source: { topic: a }
                processors:
                  writer: { class: StreamWriter, params: { topic: b } }
                  filter: { class: SolarSystemFilter }
            """);
        parsed.Errors.Single().Message.ShouldBe("'filter' stands behind the writer 'writer', which writes what all processors passed; put it first");
        parsed.Errors.Single().Line.ShouldBe(8);
    }

    [Fact]
    public void A_processor_that_does_not_exist_here_is_an_error_and_its_password_another()
    {
        var parsed = PipelineYaml.Parse("""
            name: database
            components:
              node:
                type: processing-node
                source: { topic: a }
                processors:
                  writer:
                    class: "uk.org.example.MariaDBWriter"
                    params:
                      - tablename: "ztfevents"
                        password: "Saxe-Coburg-Saalfeld"
                sinks: { out: { topic: b } }
            """);
        parsed.Errors.Select(e => (e.Line, e.Path)).ShouldBe(
            [(11, "components.node.processors.writer.params.password"), (8, "components.node.processors.writer.class")]);
        parsed.Errors[0].Message.ShouldNotContain("Saxe");
        parsed.Errors[1].Message.ShouldStartWith("unknown writer 'maria-dbwriter'");
    }
}
