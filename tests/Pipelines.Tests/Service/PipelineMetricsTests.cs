using System.Globalization;
using System.Text.RegularExpressions;
using Conductor.Engines;
using Conductor.Testing;

namespace Conductor.Pipelines.Tests.Service;

[Integration]
public sealed partial class PipelineMetricsTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private const int Sound = 20;

    [Fact]
    public async Task What_came_of_the_records_is_counted_by_pipeline_and_component_as_the_document_says()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var inbox = Path.Combine(service.Data, "in");
        Packets.Generate(inbox, Sound);
        await File.WriteAllTextAsync(Path.Combine(inbox, "broken.avro"), "no packet", TestContext.Current.CancellationToken);
        var bytes = Directory.GetFiles(inbox).Sum(file => new FileInfo(file).Length);
        await service.BeginAsync(Yaml(service.Id), service.Id);
        await service.ReadAsync(service.Id, "known", Sound + 1);

        var labels = $"component=\"known\",pipeline=\"{service.Id}\"";
        Scrape? scrape = null;
        await Until.TrueAsync(async () =>
        {
            scrape = Ours(Scrape.Parse(await service.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken)));
            return scrape.Metrics.ContainsKey("conductor_pipelines_lag") && Value(scrape, "lag", labels) == 0;
        }, "nothing waits", () => scrape?.Text ?? service.Output);
        MetricTable.Of("Pipelines").ShouldDescribe(scrape!);
        Value(scrape!, "records_read_total", labels).ShouldBe(Sound + 1);
        Value(scrape!, "records_dead_lettered_total", labels).ShouldBe(1);
        (Value(scrape!, "records_passed_total", labels) + Value(scrape!, "records_skipped_total", labels)).ShouldBe(Sound);
        Value(scrape!, "records_passed_total", labels).ShouldBeGreaterThan(0);
        Value(scrape!, "records_written_total", labels).ShouldBe(Value(scrape!, "records_passed_total", labels));
        Value(scrape!, "io_bytes_total", labels).ShouldBe(bytes);
        Value(scrape!, "lag", labels).ShouldBe(0);
    }

    private static Scrape Ours(Scrape scrape)
    {
        foreach (var name in scrape.Metrics.Keys.Where(name => !name.StartsWith("conductor_pipelines_", StringComparison.Ordinal)).ToList())
            scrape.Metrics.Remove(name);
        return scrape;
    }

    // Other labels may stand before, between or behind these.
    private static double Value(Scrape scrape, string metric, string labels)
    {
        var wanted = labels.Split(',');
        var values = scrape.Text.Split('\n').Select(line => Sample().Match(line))
            .Where(m => m.Success && m.Groups["name"].Value == "conductor_pipelines_" + metric && wanted.All(m.Groups["labels"].Value.Contains)).ToList();
        return double.Parse(values.ShouldHaveSingleItem().Groups["value"].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^(?<name>\w+)\{(?<labels>.*)\} (?<value>[^ ]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sample();

    private static string Yaml(string id) => $$"""
        name: {{id}}
        components:
          known:
            type: processing-node
            source: { folder: in }
            processors: { known: { class: solar-system-filter, params: { action: include } } }
            sinks: { files: { folder: out } }
            checkpoint: { every: 300ms }
        """;
}
