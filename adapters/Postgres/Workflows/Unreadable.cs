using System.Text.Json;

namespace Conductor.Postgres.Workflows;

/// <summary>Rows whose stored JSON cannot be read (any more).</summary>
internal static class Unreadable
{
    /// <summary>Whether it was the row's content that could not be read.</summary>
    public static bool Is(Exception exception) => exception is JsonException or FormatException or InvalidOperationException or ArgumentException
        or NotSupportedException;

    /// <summary>What is shown instead.</summary>
    public static string Reason(string what, Exception why) => $"This {what} is stored, but cannot be read: {why.Message}";
}
