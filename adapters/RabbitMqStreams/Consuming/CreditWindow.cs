namespace Conductor.RabbitMqStreams.Consuming;

/// <summary>
/// How far to acknowledge so that what the broker sends ahead stays below a number of bytes: it counts records only, and sends one for each that is
/// acknowledged. What large records take too much of is acknowledged later.
/// </summary>
/// <param name="records">Records that the broker sends before the first acknowledgement.</param>
/// <param name="bytes">Bytes that are to be under way at most, for the size of the latest records.</param>
internal sealed class CreditWindow(ushort records, long bytes)
{
    private double _average;

    /// <summary>Records that the broker sends before the first acknowledgement.</summary>
    public ushort Records => records;

    /// <summary>Records of the latest size that fill the bytes; at least one.</summary>
    public long Wanted => _average > 0 ? Math.Max(1, (long)(bytes / _average)) : records;

    /// <summary>Notes the size of a record that arrived.</summary>
    public void Arrived(int size) => _average = _average == 0 ? Math.Max(1, size) : (_average * 0.95) + (Math.Max(1, size) * 0.05);

    /// <summary>The last tag to acknowledge when everything up to a tag has been taken; 0 for none.</summary>
    public ulong AcknowledgeUpTo(ulong taken)
    {
        var later = (ulong)(records - Math.Min(records, Wanted));
        return taken > later ? taken - later : 0;
    }
}
