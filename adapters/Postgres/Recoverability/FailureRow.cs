using System.Text.Json;
using Conductor.Domain.Recoverability.Failures;
using Conductor.Domain.Recoverability.Grouping;
using Npgsql;

namespace Conductor.Postgres.Recoverability;

/// <summary>What is written of a message that failed, perhaps several times in what was read at once.</summary>
internal sealed record FailureRow(FailedMessage Failure, int Failures, DateTimeOffset FirstFailedAt, StoredBody Body, IReadOnlyList<FailureGroup> Groups)
{
    /// <param name="same">The failures of one message, in the order in which they came.</param>
    public static FailureRow Of(IReadOnlyList<FailedMessage> same)
    {
        var last = same.MaxBy(f => f.FailedAt)!;
        return new FailureRow(last, same.DistinctBy(f => f.IsTimeKnown ? f.FailedAt : default).Count(), same.Min(f => f.FailedAt),
            StoredBody.Of(last.Letter.Body), FailureGroup.Of(last));
    }

    /// <summary>The rows as the parameters of the statement that stores them, in its order.</summary>
    public static void AddTo(NpgsqlCommand command, List<FailureRow> rows, DateTimeOffset now)
    {
        Add(row => row.Failure.Id);
        Add(row => (short)row.Failure.Source);
        Add(row => Statements.Storable(row.Failure.Letter.Queue));
        Add(row => Statements.Storable(row.Failure.Endpoint));
        Add(row => Statements.Storable(row.Failure.Letter.MessageId));
        Add(row => Statements.Storable(row.Failure.MessageType));
        Add(row => Statements.Storable(row.Failure.ExceptionType));
        Add(row => Statements.Storable(row.Failure.Message));
        Add(row => Statements.Storable(row.Failure.StackTrace));
        Add(row => Statements.Storable(row.Failure.Consumer));
        Add(row => Statements.Storable(row.Failure.Letter.ContentType));
        Add(row => JsonSerializer.Serialize(row.Failure.Letter.Properties.ToDictionary(p => p.Key, p => Statements.Storable(p.Value))));
        Add(row => HeaderJson.Write(row.Failure.Letter.Headers));
        Add(row => row.Body.Text);
        Add(row => row.Body.Bytes);
        Add(row => row.Failure.Letter.Body.Length);
        Add(row => row.Failure.Attempts);
        Add(row => row.Failures);
        Add(row => row.FirstFailedAt);
        Add(row => row.Failure.FailedAt);
        Add(row => row.Failure.IsTimeKnown);
        command.Parameters.Add(new NpgsqlParameter { Value = now });
        Add(row => row.Groups[(int)Grouper.Cause].Id);
        Add(row => row.Groups[(int)Grouper.MessageType].Id);
        Add(row => row.Groups[(int)Grouper.Endpoint].Id);

        void Add<T>(Func<FailureRow, T> value) => command.Parameters.Add(new NpgsqlParameter { Value = rows.Select(value).ToArray() });
    }
}
