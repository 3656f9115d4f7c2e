using Conductor.Domain.Streams.Brokers;
using Confluent.Kafka;

namespace Conductor.Kafka.Connections;

/// <summary>What the client's errors mean for whoever uses the port.</summary>
internal static class KafkaErrors
{
    /// <summary>There is no such topic, or partition of it.</summary>
    public static bool IsMissing(Error error) => error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.UnknownTopicId or ErrorCode.Local_UnknownTopic
        or ErrorCode.Local_UnknownPartition;

    /// <summary>Somebody else has taken over what the caller had.</summary>
    public static bool IsFenced(Error error) => error.Code is ErrorCode.FencedInstanceId or ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration
        or ErrorCode.FencedMemberEpoch or ErrorCode.StaleMemberEpoch or ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch or ErrorCode.Local_Fenced
        or ErrorCode.Local_AssignmentLost;

    /// <summary>The group is sharing out its partitions: the same is possible again when it has.</summary>
    public static bool IsRebalancing(Error error) => error.Code is ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration
        or ErrorCode.StaleMemberEpoch or ErrorCode.Local_WaitCoord;

    /// <summary>Who looks after a partition or a group is being found out: the answer comes by asking again.</summary>
    public static bool IsMoving(Error error) => error.Code is ErrorCode.GroupLoadInProgress or ErrorCode.GroupCoordinatorNotAvailable
        or ErrorCode.NotCoordinatorForGroup or ErrorCode.UnstableOffsetCommit or ErrorCode.NotLeaderForPartition or ErrorCode.LeaderNotAvailable;

    /// <summary>The cluster does not let this client in: a password, a certificate, a right. Nobody gets further by waiting.</summary>
    public static bool IsRefusal(Error error) => error.Code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Ssl
        or ErrorCode.UnsupportedSaslMechanism or ErrorCode.IllegalSaslState or ErrorCode.ClusterAuthorizationFailed or ErrorCode.TopicAuthorizationFailed
        or ErrorCode.GroupAuthorizationFailed or ErrorCode.TransactionalIdAuthorizationFailed or ErrorCode.SecurityDisabled;

    public static StreamUnavailableException Unavailable(string reason, Exception? inner = null) => new($"Kafka: {reason}", inner) { Broker = "kafka" };

    public static StreamUnavailableException Unavailable(Error error, Exception? inner = null) => Unavailable(error.Reason, inner);

    public static StreamUnavailableException Unavailable(KafkaException e) => Unavailable(e.Error, e);
}
