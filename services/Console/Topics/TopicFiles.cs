using Conductor.Console.Clients.Pipelines;
using Conductor.Console.Forms;

namespace Conductor.Console.Topics;

/// <summary>Values of records, as they are.</summary>
internal static class TopicFiles
{
    public static void MapTopicFiles(this IEndpointRouteBuilder app) =>
        app.MapGet("/topics/{broker}/{topic}/records/{partition:int}/{offset:long}", Download);

    private static async Task<IResult> Download(string broker, string topic, int partition, long offset, PipelinesClient pipelines, CancellationToken ct) =>
        Files.Download(await pipelines.GetRecordAsync(broker, topic, partition, offset, ct), $"{topic}-{partition}-{offset}.bin");
}
