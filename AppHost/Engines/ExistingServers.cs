using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Conductor.AppHost.Engines;

/// <summary>What is done, before anything starts, with a server that configuration names; what it returns keeps the application from starting.</summary>
/// <param name="Check">Takes the connection string; returns what is wrong, or null.</param>
internal sealed record ExistingServerAnnotation(Func<string, CancellationToken, Task<string?>> Check) : IResourceAnnotation;

/// <summary>Servers that <c>ConnectionStrings:NAME</c> names.</summary>
internal static class ExistingServers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static bool IsGiven(this IDistributedApplicationBuilder builder, string name) =>
        !string.IsNullOrEmpty(builder.Configuration.GetConnectionString(name));

    public static IResourceBuilder<IResourceWithConnectionString> AddExisting(this IDistributedApplicationBuilder builder, string name,
        Func<string, CancellationToken, Task<string?>> problem) => builder.AddConnectionString(name).WithAnnotation(new ExistingServerAnnotation(problem));

    /// <summary>A database of an existing PostgreSQL server; it is made where it is missing.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddExistingDatabase(this IResourceBuilder<IResourceWithConnectionString> server, string name)
    {
        server.WithAnnotation(new ExistingServerAnnotation(async (connectionString, stop) =>
        {
            await PostgresCheck.CreateDatabaseAsync(connectionString, name, stop);
            return null;
        }));
        return server.ApplicationBuilder.AddConnectionString($"{name}-db", ReferenceExpression.Create($"{server};Database={name}"));
    }

    /// <exception cref="DistributedApplicationException">One cannot be used; the message names the server and the reason.</exception>
    public static async Task CheckAsync(DistributedApplicationModel model, CancellationToken stop)
    {
        foreach (var resource in model.Resources.OfType<IResourceWithConnectionString>())
        {
            foreach (var existing in resource.Annotations.OfType<ExistingServerAnnotation>())
            {
                var problem = await existing.Check((await resource.GetConnectionStringAsync(stop))!, stop);
                if (problem is not null) throw new DistributedApplicationException($"ConnectionStrings:{resource.Name} cannot be used: {problem}");
            }
        }
    }

    /// <summary>Why nothing listens at the first of Kafka's bootstrap servers (<c>host:port,…</c>); null when something does.</summary>
    public static async Task<string?> KafkaProblemAsync(string connectionString, CancellationToken stop)
    {
        var server = new Uri($"tcp://{connectionString.Split(',')[0]}");
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(server.Host, server.Port, stop).AsTask().WaitAsync(Patience, stop);
            return null;
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            return $"Kafka at {server.Host}:{server.Port}: {e.Message}";
        }
    }
}
