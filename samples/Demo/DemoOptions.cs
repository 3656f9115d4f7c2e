namespace Conductor.Demo;

/// <summary>Configuration section <c>Demo</c>.</summary>
internal sealed class DemoOptions
{
    /// <summary>Pause between the starts of two checkouts.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Folder with real packets to replay; alerts are made up without one.</summary>
    public string? Alerts { get; set; }

    /// <summary>Alerts per second.</summary>
    public double PerSecond { get; set; } = 30;
}
