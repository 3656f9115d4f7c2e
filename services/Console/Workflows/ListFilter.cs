using System.Globalization;
using Conductor.Console.Clients.Workflows;
using Conductor.Console.Forms;
using Microsoft.AspNetCore.WebUtilities;

namespace Conductor.Console.Workflows;

/// <summary>What a list of workflows is narrowed to. Its URL holds all of it, so that it can be shared.</summary>
public sealed record ListFilter
{
    public static readonly IReadOnlyList<string> Statuses = ["RUNNING", "PAUSED", "COMPLETED", "FAILED", "TIMED_OUT", "TERMINATED"];

    /// <summary>How far back <see cref="Since"/> may reach, by its value in the URL.</summary>
    public static readonly IReadOnlyDictionary<string, (TimeSpan Span, string Caption)> Ranges =
        new Dictionary<string, (TimeSpan, string)>(StringComparer.Ordinal)
        {
            ["15m"] = (TimeSpan.FromMinutes(15), "last 15 minutes"),
            ["1h"] = (TimeSpan.FromHours(1), "last hour"),
            ["24h"] = (TimeSpan.FromHours(24), "last 24 hours"),
            ["7d"] = (TimeSpan.FromDays(7), "last 7 days"),
        };

    public string? Status { get; init; }
    public string? Name { get; init; }
    public string? CorrelationId { get; init; }
    public string? Text { get; init; }
    public string? Since { get; init; }
    public DateTime? From { get; init; }
    public DateTime? To { get; init; }
    /// <summary>The page is the one after, or before, this place in the list, which the service named; one of the two at most.</summary>
    public string? After { get; init; }
    public string? Before { get; init; }
    public int Size { get; init; } = 50;

    /// <summary>The beginning of the same list.</summary>
    public ListFilter First => this with { After = null, Before = null };

    internal PageAt Page => new(Size, After, Before);

    public bool IsEmpty => First with { Size = 50 } == new ListFilter();

    public string Url => QueryHelpers.AddQueryString("/workflows", Parameters().Where(pair => !string.IsNullOrEmpty(pair.Value)));

    private IEnumerable<KeyValuePair<string, string?>> Parameters() =>
    [
        new("status", Status),
        new("name", Name),
        new("correlationId", CorrelationId),
        new("text", Text),
        new("since", Since),
        new("from", Moments.Local(From)),
        new("to", Moments.Local(To)),
        new("after", After),
        new("before", Before),
        new("size", Size != 50 ? Size.ToString(CultureInfo.InvariantCulture) : null),
    ];
}
