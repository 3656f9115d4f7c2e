using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Conductor.Domain.Recoverability.Failures;

/// <summary>Makes out of a dead letter what it says of its failure.</summary>
public static class FailureReading
{
    private const string ErrorSuffix = "_error";
    private const string SkippedSuffix = "_skipped";
    private const string Nowhere = "";

    /// <summary>Reads the headers that MassTransit, or the broker, wrote. What is missing stays empty: a letter never fails to be read.</summary>
    /// <param name="letter">The letter.</param>
    /// <param name="takenIn">Now; counts as the time of a failure that tells none.</param>
    public static FailedMessage Read(DeadLetter letter, DateTimeOffset takenIn)
    {
        var source = SourceOf(letter);
        var endpoint = EndpointOf(letter);
        var failedAt = TimeOf(letter);
        return new FailedMessage
        {
            Id = IdOf(letter, endpoint),
            Source = source,
            Endpoint = endpoint,
            MessageType = MessageTypes.Of(letter),
            ExceptionType = letter.Header(MassTransitHeaders.ExceptionType) ?? ReasonOf(letter, source),
            Message = letter.Header(MassTransitHeaders.Message) ?? "",
            StackTrace = letter.Header(MassTransitHeaders.StackTrace) ?? "",
            Consumer = letter.Header(MassTransitHeaders.ConsumerType) ?? "",
            FailedAt = failedAt ?? takenIn,
            IsTimeKnown = failedAt is not null,
            Attempts = 1 + NumberIn(letter, MassTransitHeaders.RetryCount) + NumberIn(letter, MassTransitHeaders.RedeliveryCount),
            Letter = letter,
        };
    }

    private static FailureSource SourceOf(DeadLetter letter) => letter.Header(MassTransitHeaders.Reason) switch
    {
        "fault" => FailureSource.Fault,
        "dead-letter" => FailureSource.Skipped,
        _ when letter.Queue.EndsWith(ErrorSuffix, StringComparison.Ordinal) => FailureSource.Fault,
        _ when letter.Queue.EndsWith(SkippedSuffix, StringComparison.Ordinal) => FailureSource.Skipped,
        _ => FailureSource.DeadLettered,
    };

    // The queue's name alone is enough for what MassTransit moved; of the broker's own letters the first death tells.
    private static string EndpointOf(DeadLetter letter)
    {
        if (letter.Header(MassTransitHeaders.InputAddress) is { } address && Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Segments.Length > 0)
            return Uri.UnescapeDataString(uri.Segments[^1].TrimEnd('/'));
        foreach (var suffix in new[] { ErrorSuffix, SkippedSuffix })
            if (letter.Queue.EndsWith(suffix, StringComparison.Ordinal)) return letter.Queue[..^suffix.Length];
        return letter.Header("x-first-death-queue") ?? Nowhere;
    }

    private static string ReasonOf(DeadLetter letter, FailureSource source) => source == FailureSource.Skipped
        ? "no consumer for this type"
        : letter.Header("x-first-death-reason") ?? "no reason was given";

    private static DateTimeOffset? TimeOf(DeadLetter letter) => DateTimeOffset.TryParse(
        letter.Header(MassTransitHeaders.Timestamp), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static int NumberIn(DeadLetter letter, string header) =>
        int.TryParse(letter.Header(header), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1_000_000 ? number : 0;

    // A message without an id is known by what it holds.
    private static Guid IdOf(DeadLetter letter, string endpoint)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(endpoint + "\n" + letter.MessageId + "\n"));
        if (string.IsNullOrEmpty(letter.MessageId)) hash.AppendData(letter.Body.Span);
        return new Guid(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
