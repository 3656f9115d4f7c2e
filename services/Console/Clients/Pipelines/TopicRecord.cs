namespace Conductor.Console.Clients.Pipelines;

/// <summary>Records of a partition, the oldest first, and which offsets the partition holds.</summary>
public sealed record TopicRecords
{
    public int Partition { get; init; }
    public long First { get; init; }
    public long End { get; init; }
    public IReadOnlyList<TopicRecord> Items { get; init => field = value ?? []; } = [];
    /// <summary>Where to go on; null when nothing came in time.</summary>
    public long? Next { get; init; }
    public string EndedBy { get; init; } = "";
}

/// <summary>A record, with the beginning of its value.</summary>
public sealed record TopicRecord
{
    public int Partition { get; init; }
    public long Offset { get; init; }
    public DateTimeOffset? Timestamp { get; init; }
    public ShownBytes? Key { get; init; }
    public IReadOnlyList<ShownHeader> Headers { get; init => field = value ?? []; } = [];
    public long Size { get; init; }
    public bool IsNull { get; init; }
    public string? Fault { get; init; }
    public ShownBytes Value { get; init => field = value ?? new("", false, false); } = new("", false, false);
}

/// <summary>Bytes as text, or in base64 where they are none; cut behind their beginning.</summary>
public sealed record ShownBytes(string Text, bool IsBase64, bool IsCut);

/// <summary>A header of a record.</summary>
public sealed record ShownHeader(string Name, string Text);
