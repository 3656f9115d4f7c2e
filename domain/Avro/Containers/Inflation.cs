namespace Conductor.Domain.Avro.Containers;

/// <summary>
/// How far compressed data may grow: a hundred times their size, or 1 MiB where that is more. Deflate reaches a thousand times (RFC 1951), data that
/// somebody measured rarely fifty.
/// </summary>
public static class Inflation
{
    private const int Factor = 100;
    private const int Always = 1024 * 1024;

    /// <summary>The most bytes that so many compressed ones may become, within an absolute limit.</summary>
    public static long Limit(long compressed, long absolute) => Math.Min(absolute, Math.Max(Always, compressed * Factor));
}
