using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Conductor.Postgres.Sagas.EntityFramework;

/// <summary>Retries messages that lost a race in the database.</summary>
public static class SagaRetryExtensions
{
    /// <summary>
    /// Runs a message again, in a scope and a transaction of its own, when another one changed its instance first or the database
    /// asks for a retry. Goes before the endpoint's outbox.
    /// </summary>
    public static void UseSagaRetry(this IConsumePipeConfigurator configurator, int attempts = 10) =>
        configurator.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(IsRace);
            retry.Exponential(attempts, TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(10));
        });

    private static bool IsRace(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
            if (e is DbUpdateConcurrencyException or NpgsqlException { IsTransient: true } or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
                return true;
        return false;
    }
}
