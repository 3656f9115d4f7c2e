using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;

namespace Conductor.EndToEnd.Tests;

/// <summary>Memory of a .NET process of the platform.</summary>
internal static class ServiceMemory
{
    // GCHeapCollect of the runtime's own events: a session with it begins with a full collection.
    private const long Collect = 0x800000;
    private const int Collections = 3;

    /// <summary>Resident bytes after full collections.</summary>
    public static async Task<long> AfterCollectionAsync(int process, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Collections; i++)
        {
            var client = new DiagnosticsClient(process);
            using var session = await client.StartEventPipeSessionAsync(
                [new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, Collect)], requestRundown: false, token: cancellationToken);
            var events = session.EventStream.CopyToAsync(Stream.Null, cancellationToken);
            // The collection runs beside the session; there is nothing to be told that it is over.
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            await session.StopAsync(cancellationToken);
            await events;
        }
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
