namespace Conductor.Pipelines.Demo;

/// <summary>The pipeline that the demonstration registers.</summary>
internal static class DemoPipeline
{
    public const string Name = "demo-alerts";

    public const string Topic = "demo.alerts";

    public const string Yaml = """
        # Alerts of a night, as they come. Known objects of the solar system go to a topic and to files, and what is bright to another.
        name: demo-alerts
        components:
          night:
            type: stream-buffer
            topics:
              demo.alerts: { partitions: 4, retention: 1d, maxBytes: 500MB }
              demo.solar-system: { partitions: 2, retention: 7d, maxBytes: 200MB }
              demo.bright: { partitions: 2, retention: 7d, maxBytes: 200MB }
          solar-system:
            type: processing-node
            instances: 2
            source: { topic: demo.alerts }
            processors:
              known-objects:
                class: solar-system-filter
                params: { action: include }
            sinks:
              stream: { topic: demo.solar-system }
              archive: { folder: demo/solar-system }
            checkpoint: { every: 30s }
          bright:
            type: processing-node
            source: { topic: demo.alerts }
            processors:
              magnitude:
                class: threshold
                params: { field: candidate.magpsf, max: 18 }
            sinks:
              stream: { topic: demo.bright }
            checkpoint: { every: 5s }
        """;
}
