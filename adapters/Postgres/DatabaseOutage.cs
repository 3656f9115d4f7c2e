using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Conductor.Postgres;

/// <summary>Tells a database that is not there from one that refuses.</summary>
public static class DatabaseOutage
{
    /// <summary>Whether the database was not there (or is shutting down, or has no connection left); false for what it refused.</summary>
    public static bool Is(Exception exception) => exception switch
    {
        // A conflict of transactions is transient as well, but says that the database is there.
        PostgresException e => e.SqlState is "57P01" or "57P02" or "57P03" or "53300" || e.SqlState.StartsWith("08", StringComparison.Ordinal),
        DbException { IsTransient: true } or SocketException => true,
        AggregateException e => e.InnerExceptions.Any(Is),
        _ => exception.InnerException is { } inner && Is(inner),
    };
}
