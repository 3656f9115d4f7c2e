using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Conductor.Console.Live;

/// <summary>The change feed that a service serves at <c>/events</c>; that it is there at all is the first change.</summary>
internal static class ServiceFeed
{
    public static async IAsyncEnumerable<string> ReadAsync(HttpClient client, string service, [EnumeratorCancellation] CancellationToken ct)
    {
        using var http = client;
        await using var stream = await http.GetStreamAsync("/events", ct);
        yield return $$"""{"topic":"{{service}}","reachable":true}""";
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(ct))
        {
            if (item.EventType == "changed") yield return item.Data;
        }
    }
}
