namespace Conductor.StreamRider.Records;

/// <summary>Headers of records that applications set and read.</summary>
public static class TopicHeaders
{
    /// <summary>
    /// The tenant that a message belongs to. Like every header of an application it passes on to what a consumer sends, publishes and produces, unless
    /// the consumer names another.
    /// </summary>
    public const string Tenant = "tenant";
}
