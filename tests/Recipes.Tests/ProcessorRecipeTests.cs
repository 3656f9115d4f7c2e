using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Conductor.Engines;

namespace Conductor.Recipes.Tests;

[Integration]
public sealed class ProcessorRecipeTests(BuiltRecipes recipes, PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_processor_passes_one_record_and_skips_another()
    {
        var (broker, database, address) = (rabbitMq.ConnectionString, await postgres.CreateDatabaseAsync(), RunningProgram.FreeAddress());
        await recipes.BuiltAsync();
        var data = recipes.NewFolder("data");
        using var service = RunningProgram.Start(
            recipes.Pipelines, ("ConnectionStrings__pipelines", database), ("ConnectionStrings__rabbitmq", broker),
            ("ASPNETCORE_URLS", address), ("PIPELINES__DATAFOLDER", data));
        using var http = new HttpClient { BaseAddress = new(address) };
        await service.UntilAsync(() => WorkerRecipeTests.IsHealthyAsync(http), "the pipelines service is healthy");
        await File.WriteAllBytesAsync(Path.Combine(recipes.NewFolder("data/in"), "a.avro"), Container("Ceres", "Vesta", "Ceres"), Stop);
        (await http.PostAsync("/api/pipelines", new StringContent(Pipeline, Encoding.UTF8, "application/yaml"), Stop)).EnsureSuccessStatusCode();
        (await http.PostAsync("/api/pipelines/names/start", content: null, Stop)).EnsureSuccessStatusCode();
        JsonElement counters = default;
        await service.UntilAsync(async () =>
        {
            var pipeline = await http.GetFromJsonAsync<JsonElement>("/api/pipelines/names", Stop);
            counters = pipeline.GetProperty("components")[0].GetProperty("counters");
            return counters.GetProperty("read").GetInt64() == 3;
        }, "three records are read");
        (counters.GetProperty("passed").GetInt64(), counters.GetProperty("skipped").GetInt64()).ShouldBe((2, 1));
    }

    private const string Pipeline = """
        name: names
        components:
          filter:
            type: processing-node
            checkImages: false
            source: { folder: in }
            processors:
              ceres:
                class: field-is
                params: { field: name, text: Ceres }
            sinks: { out: { folder: out } }
        """;

    /// <summary>An Avro container file (specification, "Object Container Files") with one block of records that are a name each.</summary>
    private static byte[] Container(params string[] names)
    {
        const string schema = """{"type":"record","name":"Named","fields":[{"name":"name","type":"string"}]}""";
        byte[] sync = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        byte[] records = [.. names.SelectMany(Text)];
        return
        [
            .. "Obj\u0001"u8, .. Long(2), .. Text("avro.schema"), .. Text(schema), .. Text("avro.codec"), .. Text("null"), .. Long(0), .. sync,
            .. Long(names.Length), .. Long(records.Length), .. records, .. sync,
        ];
    }

    private static byte[] Text(string text) => [.. Long(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static IEnumerable<byte> Long(long value)
    {
        var left = (ulong)((value << 1) ^ (value >> 63));
        for (; left > 0x7F; left >>= 7) yield return (byte)(left | 0x80);
        yield return (byte)left;
    }
}
