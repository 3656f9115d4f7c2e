namespace Conductor.Workflows.Answers;

/// <summary>Times of requests: epoch milliseconds of the years that a calendar, and the database, know.</summary>
internal static class RequestTime
{
    private static readonly long Last = new DateTimeOffset(9999, 12, 31, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <exception cref="ConductorException">It is out of the range.</exception>
    public static DateTimeOffset Of(string field, long milliseconds)
    {
        RequestText.Check(field, milliseconds, 0, Last);
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
