namespace Conductor.ServiceDefaults.Servers;

/// <summary>A server that the service cannot work without.</summary>
internal interface IServerProbe
{
    /// <summary>Kind and address, without a secret: <c>PostgreSQL at db:5432</c>.</summary>
    string Server { get; }

    /// <summary>Uses the server as the service would, and throws why that cannot be done.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);

    /// <summary>Whether the exception may come of this server's being out of reach.</summary>
    bool MayExplain(Exception exception);
}

/// <summary>A kind of exception by which a service's own code tells that a server is out of reach.</summary>
internal sealed record OutageSign(Func<Exception, bool> IsOne);

internal static class Causes
{
    /// <summary>The cause beneath the wrappers of the client libraries, in one line.</summary>
    public static string Reason(Exception exception)
    {
        while (exception.InnerException is { } inner) exception = inner;
        return exception is OperationCanceledException or TimeoutException ? "no answer in time" : exception.Message.ReplaceLineEndings(" ");
    }

    /// <summary>The exception, and all that it wraps.</summary>
    public static IEnumerable<Exception> Of(Exception exception) => exception switch
    {
        AggregateException many => many.InnerExceptions.SelectMany(Of).Prepend(many),
        { InnerException: { } inner } => Of(inner).Prepend(exception),
        _ => [exception],
    };
}
