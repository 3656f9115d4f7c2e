namespace Conductor.Console.Components;

/// <summary>How a status is shown everywhere: a word, a shape and a colour class, never the colour alone. Icons fill 14 x 14.</summary>
internal sealed record StatusLook(string Css, string Text, string Icon)
{
    private const string Check = "M2 7.4 5.4 11 12 3.4";
    private const string Cross = "M3 3 11 11M11 3 3 11";
    private const string Play = "M4 2.5 11 7 4 11.5z";
    private const string Bars = "M4.5 3V11M9.5 3V11";
    private const string Clock = "M7 1.5A5.5 5.5 0 1 0 7 12.5 5.5 5.5 0 1 0 7 1.5M7 4V7L9 8.6";
    private const string Square = "M3.5 3.5H10.5V10.5H3.5z";
    private const string Dash = "M3 7H11";
    private const string Warn = "M7 2 12.8 12H1.2zM7 5.5V8.4M7 10V10.4";
    private const string Arrow = "M2 7H11M7.5 3.5 11 7 7.5 10.5";
    private const string Ring = "M7 3A4 4 0 1 0 7 11 4 4 0 1 0 7 3";

    public static StatusLook? Of(string? status) => status is null or "" ? null : Known(status) with { Text = Words(status) };

    private static StatusLook Known(string status) => status.ToUpperInvariant() switch
    {
        "COMPLETED" or "HEALTHY" => new("ok", "", Check),
        "RUNNING" or "IN_PROGRESS" => new("running", "", Play),
        "FAILED" or "FAILED_WITH_TERMINAL_ERROR" or "UNHEALTHY" or "UNREACHABLE" => new("failed", "", Cross),
        "TIMED_OUT" => new("failed", "", Clock),
        "COMPLETED_WITH_ERRORS" or "DEGRADED" => new("warn", "", Warn),
        "PAUSED" => new("warn", "", Bars),
        "DRAINING" or "STOPPING" or "COMPENSATING" => new("warn", "", Arrow),
        "SCHEDULED" or "STARTING" or "WAITING" or "PROVISIONING" => new("pending", "", Clock),
        "TERMINATED" or "STOPPED" or "CANCELED" or "CANCELLED" => new("stopped", "", Square),
        "SKIPPED" => new("stopped", "", Dash),
        _ => new("stopped", "", Ring),
    };

    /// <summary><c>FAILED_WITH_TERMINAL_ERROR</c> → failed with terminal error, <c>DeadLettered</c> → dead lettered.</summary>
    private static string Words(string status) =>
        status.Contains('_', StringComparison.Ordinal) || status.All(char.IsUpper)
            ? status.Replace('_', ' ').ToLowerInvariant()
            : string.Concat(status.Select((c, i) => char.IsUpper(c) ? (i > 0 ? " " : "") + char.ToLowerInvariant(c) : c.ToString()));
}
