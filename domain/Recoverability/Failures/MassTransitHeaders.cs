namespace Conductor.Domain.Recoverability.Failures;

/// <summary>The headers that MassTransit writes to a message which it moves to an error or a skipped queue (8.x, <c>MessageHeaders</c>).</summary>
public static class MassTransitHeaders
{
    /// <summary><c>fault</c> or <c>dead-letter</c>.</summary>
    public const string Reason = "MT-Reason";
    /// <summary>Full name of the exception's type.</summary>
    public const string ExceptionType = "MT-Fault-ExceptionType";
    /// <summary>Its message, cut at 2,048 characters.</summary>
    public const string Message = "MT-Fault-Message";
    /// <summary>Its stack trace, cut likewise.</summary>
    public const string StackTrace = "MT-Fault-StackTrace";
    /// <summary>When it was thrown, ISO 8601.</summary>
    public const string Timestamp = "MT-Fault-Timestamp";
    /// <summary>Address of the endpoint that could not consume it.</summary>
    public const string InputAddress = "MT-Fault-InputAddress";
    /// <summary>Short name of the message's type.</summary>
    public const string FaultMessageType = "MT-Fault-MessageType";
    /// <summary>Name of the consumer's type.</summary>
    public const string ConsumerType = "MT-Fault-ConsumerType";
    /// <summary>How often it was tried again at once; absent when never.</summary>
    public const string RetryCount = "MT-Fault-RetryCount";
    /// <summary>How often it was put off.</summary>
    public const string RedeliveryCount = "MT-Redelivery-Count";
    /// <summary>Types of a message without envelope.</summary>
    public const string MessageType = "MT-MessageType";
    /// <summary>The machine on which it failed.</summary>
    public const string Machine = "MT-Host-MachineName";
    /// <summary>The W3C trace context, as MassTransit names it.</summary>
    public const string Activity = "MT-Activity-Id";

    /// <summary>Whether a header tells of the failure alone: it is left out when the message is sent again.</summary>
    public static bool IsOfFailure(string name) =>
        name.StartsWith("MT-Fault-", StringComparison.Ordinal) || name.StartsWith("MT-Host-", StringComparison.Ordinal)
        || name is Reason or RedeliveryCount or "x-death" or "x-first-death-queue" or "x-first-death-reason" or "x-first-death-exchange"
            or "x-last-death-queue" or "x-last-death-reason" or "x-last-death-exchange" or "x-delivery-count" or "x-dotnet-pub-seq-no";
}
