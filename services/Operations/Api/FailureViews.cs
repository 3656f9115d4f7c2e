using Conductor.Domain.Recoverability.Failures;
using Conductor.Postgres.Recoverability;

namespace Conductor.Operations.Api;

/// <summary>A page of failures, the latest first.</summary>
/// <param name="Total">How many there are in all.</param>
/// <param name="IsMore">There are more than were counted.</param>
/// <param name="Items">The failures.</param>
/// <param name="Next">Where the next page begins (<c>?after=</c>); null on the last one.</param>
public sealed record FailurePage(int Total, bool IsMore, IReadOnlyList<FailureSummary> Items, string? Next);

/// <summary>A failure with all that came with it but its bytes, which are at <c>/body</c>.</summary>
/// <param name="Summary">What lists show.</param>
/// <param name="StackTrace">Where it was thrown, or empty.</param>
/// <param name="Consumer">The consumer's type, or empty.</param>
/// <param name="Queue">The queue in which the letter lay.</param>
/// <param name="MessageId">The sender's id, or null.</param>
/// <param name="ContentType">Media type of the body, or null.</param>
/// <param name="Properties">Other properties of the message.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="BodySize">Bytes of the body.</param>
public sealed record FailureView(FailureSummary Summary, string StackTrace, string Consumer, string Queue, string? MessageId, string? ContentType,
    IReadOnlyDictionary<string, string> Properties, IReadOnlyList<MessageHeader> Headers, int BodySize)
{
    internal static FailureView Of(StoredFailure failure) => new(
        Summary: failure.Summary, StackTrace: failure.StackTrace, Consumer: failure.Consumer, Queue: failure.Letter.Queue,
        MessageId: failure.Letter.MessageId, ContentType: failure.Letter.ContentType, Properties: failure.Letter.Properties,
        Headers: failure.Letter.Headers, BodySize: failure.Letter.Body.Length);
}
