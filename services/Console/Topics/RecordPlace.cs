using System.Globalization;
using Conductor.Console.Clients.Pipelines;
using Conductor.Console.Forms;
using Microsoft.AspNetCore.WebUtilities;

namespace Conductor.Console.Topics;

/// <summary>
/// Which records of a topic are shown: the newest, or those before an offset, newest first; those from an offset or a time on, oldest first.
/// Its URL holds all of it, so that it can be shared.
/// </summary>
public sealed record RecordPlace(TopicName Topic)
{
    /// <summary>Records of a page.</summary>
    public const int Size = 25;

    public long Partition { get; init; }
    public long? Offset { get; init; }
    public DateTime? Time { get; init; }
    public long? Before { get; init; }

    /// <summary>Null if the address can be read; otherwise what is wrong with it.</summary>
    public string? Complaint { get; init; }

    public bool IsNewestFirst => Offset is null && Time is null;

    /// <summary>The newest of the same partition.</summary>
    public RecordPlace Newest => new(Topic) { Partition = Partition };

    public string Url => QueryHelpers.AddQueryString(Topic.Url, Parameters().Where(pair => !string.IsNullOrEmpty(pair.Value))) + "#records";

    public string Caption => this switch
    {
        { Time: { } time } => $"Records of partition {Partition} since {time:yyyy-MM-dd HH:mm:ss}, oldest first",
        { Offset: { } offset } => $"Records of partition {Partition} from offset {offset} on, oldest first",
        { Before: { } before } => $"Records of partition {Partition} before offset {before}, newest first",
        _ => $"Newest records of partition {Partition}",
    };

    /// <summary>The question to the service.</summary>
    internal string Query => string.Create(CultureInfo.InvariantCulture, $"partition={Partition}&") + this switch
    {
        { Time: { } time } => string.Create(CultureInfo.InvariantCulture, $"since={Uri.EscapeDataString(time.ToString("O"))}&limit={Size}"),
        { Offset: { } offset } => string.Create(CultureInfo.InvariantCulture, $"offset={offset}&limit={Size}"),
        { Before: { } before } =>
            string.Create(CultureInfo.InvariantCulture, $"offset={Math.Max(0, before - Size)}&limit={Math.Clamp(before, 1, Size)}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"latest={Size}"),
    };

    /// <summary>The place that an address names.</summary>
    public static RecordPlace Read(TopicName topic, string? partition, string? offset, string? time, string? before) => new(topic)
    {
        Partition = Number(partition) ?? 0,
        Offset = Number(offset),
        Time = Moments.Read(time),
        Before = Number(before),
        Complaint = Misread(partition, "a partition", Number) ?? Misread(offset, "an offset", Number) ?? Misread(time, "a time", Moments.Read)
            ?? Misread(before, "an offset", Number)
            ?? (Number(offset) is not null && Moments.Read(time) is not null ? "Records are found by offset or by time: leave one of them out." : null),
    };

    private IEnumerable<KeyValuePair<string, string?>> Parameters() =>
    [
        new("partition", Text(Partition)), new("offset", Text(Offset)), new("time", Moments.Local(Time)), new("before", Text(Before)),
    ];

    private static string? Misread<T>(string? text, string what, Func<string?, T?> read) where T : struct =>
        string.IsNullOrWhiteSpace(text) || read(text) is not null ? null : $"“{text}” is not {what}.";

    private static long? Number(string? text) => long.TryParse(
        text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
