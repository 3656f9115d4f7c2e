using System.Buffers.Binary;

namespace Conductor.Domain.Workflows.Retention;

/// <summary>What an execution's id says of its place in the archive.</summary>
public static class ArchivedId
{
    private const int TimeOrdered = 7;

    /// <summary>It did not end before this day: ids that servers make (UUID version 7) begin with their time. Clocks may differ by a day.</summary>
    public static DateOnly Since(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (id.Version != TimeOrdered || !id.TryWriteBytes(bytes, bigEndian: true, out _)) return DateOnly.MinValue;
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes) >> 16 & 0xFFFF_FFFF_FFFF;
        var latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        return DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, latest)).UtcDateTime).AddDays(-1);
    }
}
