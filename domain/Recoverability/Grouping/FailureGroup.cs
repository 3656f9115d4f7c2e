using System.Security.Cryptography;
using System.Text;
using Conductor.Domain.Recoverability.Failures;

namespace Conductor.Domain.Recoverability.Grouping;

/// <summary>How failures are put together; each is in one group of each kind.</summary>
public enum Grouper
{
    /// <summary>Exception type and first own frame.</summary>
    Cause,
    /// <summary>The message's type.</summary>
    MessageType,
    /// <summary>The queue in which it belongs.</summary>
    Endpoint,
}

/// <summary>Failures that belong together.</summary>
/// <param name="Id">Follows from the other two, so that everyone who groups comes to the same.</param>
/// <param name="Grouper">Its kind.</param>
/// <param name="Title">What they have in common, for people.</param>
public sealed record FailureGroup(Guid Id, Grouper Grouper, string Title)
{
    private const int LongestTitle = 500;

    /// <summary>The groups of a failure, one of each kind.</summary>
    public static IReadOnlyList<FailureGroup> Of(FailedMessage failure) =>
    [
        Of(Grouper.Cause, CauseOf(failure)),
        Of(Grouper.MessageType, failure.MessageType.Length > 0 ? failure.MessageType : "unknown type"),
        Of(Grouper.Endpoint, failure.Endpoint.Length > 0 ? failure.Endpoint : "unknown endpoint"),
    ];

    private static FailureGroup Of(Grouper grouper, string title)
    {
        if (title.Length > LongestTitle) title = title[..LongestTitle];
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{grouper}\n{title}"));
        return new FailureGroup(new Guid(hash.AsSpan(0, 16)), grouper, title);
    }

    // What the exception said is left out: it mostly names the one order that failed.
    private static string CauseOf(FailedMessage failure) => StackFrames.FirstOwn(failure.StackTrace) is { } frame
        ? $"{failure.ExceptionType} at {frame}"
        : failure.ExceptionType;
}
