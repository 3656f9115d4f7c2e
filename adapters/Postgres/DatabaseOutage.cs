using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Conductor.Postgres;

/// <summary>Tells a database that is not there from one that refuses.</summary>
public static class DatabaseOutage
{
    /// <summary>
    /// Whether the database was not there, or could not do its work for want of something (it is shutting down; no connection, lock, memory or disk
    /// space was to be had in time); false for what it refused.
    /// </summary>
    public static bool Is(Exception exception) => exception switch
    {
        // A conflict of transactions is transient as well, but says that the database is there.
        PostgresException e => e.SqlState is "57P01" or "57P02" or "57P03" or "55P03" or "57014" || e.SqlState[..2] is "08" or "53",
        DbException { IsTransient: true } or SocketException => true,
        AggregateException e => e.InnerExceptions.Any(Is),
        _ => exception.InnerException is { } inner && Is(inner),
    };
}
