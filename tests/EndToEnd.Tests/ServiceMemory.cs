using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;

namespace Conductor.EndToEnd.Tests;

/// <summary>Memory of a .NET process of the platform.</summary>
internal static class ServiceMemory
{
    // GCHeapCollect of the runtime's own events: a session with it begins with a full collection.
    private const long Collect = 0x800000;
    // .NET's shared pools let go, with a collection, of buffers that nobody has used for half a minute since the one before.
    private static readonly TimeSpan PoolsKeep = TimeSpan.FromSeconds(31);

    /// <summary>Resident bytes after full collections, half a minute after the work: what pools keep for more of it is given back by then.</summary>
    public static async Task<long> AfterCollectionAsync(int process, CancellationToken cancellationToken)
    {
        await CollectAsync(process, cancellationToken);
        await Task.Delay(PoolsKeep, cancellationToken);
        await CollectAsync(process, cancellationToken);
        await CollectAsync(process, cancellationToken);
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static async Task CollectAsync(int process, CancellationToken cancellationToken)
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
}
