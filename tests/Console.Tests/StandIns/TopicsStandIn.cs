using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Conductor.Console.Tests.StandIns;

/// <summary>REST API of the pipelines service over the topics of two brokers in memory, one of which is away.</summary>
internal sealed class TopicsStandIn
{
    public const string Alerts = "alerts";

    /// <summary>Offset of the oldest record, which was produced at <see cref="Start"/>; the others follow, one a minute.</summary>
    public const long First = 1_100;

    public static readonly DateTimeOffset Start = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
    public static readonly byte[] Packet = [0x4f, 0x62, 0x6a, 0x01, 0xff, 0x00, 0x0d, 0x0a];

    /// <summary>Records that wait for the group of the topic.</summary>
    public long Lag { get; set; } = 45;

    /// <summary>Offset that the next record has.</summary>
    public long End { get; set; } = 1_160;

    /// <summary>While set, what is asked of the broker is answered 503 with this as the reason.</summary>
    public string? Outage { get; set; }

    public void Map(WebApplication app)
    {
        app.MapGet("/api/topics", (string? name) => Json(List(name)));
        app.MapGet("/api/topics/{broker}/{topic}", (string broker, string topic) => Answer(topic, () => Json(Detail(broker))));
        app.MapGet("/api/topics/{broker}/{topic}/records", (string topic, long partition, long? offset, DateTimeOffset? since, int? latest, int? limit) =>
            Answer(topic, () => Json(partition == 0 ? Page(offset, since, latest ?? 50, limit ?? latest ?? 50) : Empty(partition))));
        app.MapGet("/api/topics/{broker}/{topic}/records/{partition}/{offset}/value", (string topic) =>
            Answer(topic, () => Results.Bytes(Packet, "application/octet-stream")));
    }

    private IResult Answer(string topic, Func<IResult> answer) =>
        Outage is not null ? Results.Problem(Outage, statusCode: 503)
        : topic == Alerts ? answer()
        : Results.Problem($"there is no topic '{topic}'", statusCode: 404);

    private static JsonObject List(string? name)
    {
        var items = new[] { Alerts, "alerts.solar-system" }.Where(topic => topic.Contains(name ?? "", StringComparison.Ordinal))
            .Select(topic => Summary("rabbitmq", topic)).ToArray<JsonNode?>();
        return new()
        {
            ["total"] = items.Length,
            ["items"] = new JsonArray(items),
            ["unavailable"] = new JsonObject { ["kafka"] = "kafka did not answer within 5 s" },
            ["brokers"] = new JsonArray("kafka", "rabbitmq"),
        };
    }

    private static JsonObject Summary(string broker, string topic) => new()
    {
        ["broker"] = broker,
        ["name"] = topic,
        ["partitions"] = 2,
        ["retention"] = "7.00:00:00",
        ["maxBytes"] = 50_000_000_000,
        ["compacted"] = false,
    };

    private JsonObject Detail(string broker)
    {
        var detail = Summary(broker, Alerts);
        detail["measuredAt"] = DateTimeOffset.UtcNow.AddSeconds(-2).ToString("O", CultureInfo.InvariantCulture);
        detail["offsets"] = new JsonArray(Offsets(0, First, End), Offsets(1, 0, 0));
        detail["groups"] = new JsonArray(new JsonObject
        {
            ["name"] = "solar-system.filter",
            ["members"] = 2,
            ["lag"] = Lag,
            ["positions"] = new JsonArray(
                new JsonObject { ["partition"] = 0, ["next"] = End - Lag, ["lag"] = Lag },
                new JsonObject { ["partition"] = 1, ["next"] = 0, ["lag"] = 0 }),
        });
        return detail;
    }

    private static JsonObject Offsets(int partition, long first, long next) =>
        new() { ["partition"] = partition, ["first"] = first, ["next"] = next, ["records"] = next - first };

    private JsonObject Page(long? offset, DateTimeOffset? since, int latest, int limit)
    {
        var from = Math.Max(First, since is { } time ? First + (long)Math.Ceiling((time - Start).TotalMinutes) : offset ?? End - latest);
        var found = Enumerable.Range(0, limit).Select(i => from + i).Where(at => at < End).ToList();
        return new()
        {
            ["partition"] = 0,
            ["first"] = First,
            ["end"] = End,
            ["items"] = new JsonArray(found.Select(Record).ToArray<JsonNode?>()),
            ["next"] = found.Count > 0 ? found[^1] + 1 : from,
            ["endedBy"] = found.Count == limit ? "limit" : "end",
        };
    }

    private static JsonObject Empty(long partition) =>
        new() { ["partition"] = partition, ["first"] = 0, ["end"] = 0, ["items"] = new JsonArray(), ["next"] = 0, ["endedBy"] = "end" };

    private static JsonObject Record(long offset)
    {
        var isPacket = offset % 5 == 0;
        var text = $$"""{"candid":{{offset}},"note":"<b>dear</b> & “fragile”"}""";
        return new()
        {
            ["partition"] = 0,
            ["offset"] = offset,
            ["timestamp"] = Start.AddMinutes(offset - First).ToString("O", CultureInfo.InvariantCulture),
            ["key"] = offset % 7 == 0 ? null : Shown($"ZTF{offset}", isBase64: false, isCut: false),
            ["headers"] = new JsonArray(
                new JsonObject { ["name"] = "source", ["text"] = $"alerts/ztf_{offset}.avro" }, new JsonObject { ["name"] = "conductor-hops", ["text"] = "1" }),
            ["size"] = isPacket ? 61_803 : Encoding.UTF8.GetByteCount(text),
            ["isNull"] = false,
            ["fault"] = offset == First ? "its headers take 70000 bytes; 65536 are passed on at most" : null,
            ["value"] = isPacket ? Shown(Convert.ToBase64String(Packet), isBase64: true, isCut: true) : Shown(text, isBase64: false, isCut: false),
        };
    }

    private static JsonObject Shown(string text, bool isBase64, bool isCut) => new() { ["text"] = text, ["isBase64"] = isBase64, ["isCut"] = isCut };

    private static IResult Json(JsonObject json) => Results.Text(json.ToJsonString(), "application/json");
}
