using System.Globalization;
using Conductor.Postgres.Recoverability;

namespace Conductor.Operations.Api;

/// <summary>Which failures somebody asks for, as the address says it.</summary>
/// <param name="State">A <see cref="FailureState"/>; open by default.</param>
/// <param name="Group">Id of a group of any kind.</param>
/// <param name="Q">Words in headers, texts or body.</param>
/// <param name="From">Failed last at this time or later.</param>
/// <param name="To">Failed last before this time.</param>
/// <param name="After">Behind the last message of a page: its <c>next</c>.</param>
/// <param name="Limit">Messages on a page, 1 to 500; 50 by default.</param>
internal sealed record FailureQuery(string? State, Guid? Group, string? Q, DateTimeOffset? From, DateTimeOffset? To, string? After, int? Limit)
{
    private const int Largest = 500;
    private const int Usual = 50;

    public int Most => Limit ?? Usual;

    /// <summary>What is wrong with it, or null.</summary>
    public string? Refusal => State is not null && !Enum.TryParse<FailureState>(State, ignoreCase: true, out _)
        ? $"'{State}' is no state; known are {string.Join(", ", Enum.GetNames<FailureState>())}"
        : Limit is < 1 or > Largest ? $"limit is 1 to {Largest}"
        : After is not null && Place is null ? "after is no place in the list: take a page's next"
        : null;

    public FailureFilter Filter => new()
    {
        State = State is null ? FailureState.Open : Enum.Parse<FailureState>(State, ignoreCase: true), Group = Group, Text = Q, From = From, To = To,
    };

    public FailurePlace? Place
    {
        get
        {
            var parts = After?.Split('_') ?? [];
            return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
                && ticks <= DateTime.MaxValue.Ticks && Guid.TryParse(parts[1], out var id)
                ? new FailurePlace(new DateTimeOffset(ticks, TimeSpan.Zero), id)
                : null;
        }
    }

    /// <summary>The place behind a message, for the next page.</summary>
    public static string PlaceOf(FailureSummary last) => string.Create(CultureInfo.InvariantCulture, $"{last.LastFailedAt.UtcTicks}_{last.Id:N}");
}
