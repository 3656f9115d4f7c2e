using System.Globalization;

namespace Conductor.EndToEnd.Tests;

/// <summary>Memory of a process of the platform.</summary>
internal static class ServiceMemory
{
    // A service looks every 32 s whether it is idle, and then gives memory back twice.
    private static readonly TimeSpan Return = TimeSpan.FromSeconds(3 * 33);

    /// <summary>Resident bytes once the service has had the time to give back what it does not need.</summary>
    public static async Task<long> AtRestAsync(int process, CancellationToken cancellationToken)
    {
        await Task.Delay(Return, cancellationToken);
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
