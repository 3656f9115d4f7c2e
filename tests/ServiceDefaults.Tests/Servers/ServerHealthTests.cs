using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Conductor.Engines;
using Conductor.ServiceDefaults.Messaging;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Conductor.ServiceDefaults.Tests.Servers;

/// <summary>With servers of its own, which it kills and freezes.</summary>
[Integration]
public sealed class ServerHealthTests(ServerHealthTests.Servers servers) : IClassFixture<ServerHealthTests.Servers>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_is_killed_or_frozen_is_told_within_3_s_with_its_cause_and_so_is_its_return()
    {
        await using var service = await StartAsync(await servers.Postgres.CreateDatabaseAsync());
        await IsAsync(service, HttpStatusCode.OK);

        servers.Postgres.Kill();
        (await FailsWithin3sAsync(service, "postgres")).ShouldContain("Connection refused");
        await servers.Postgres.StartAsync(Stop);
        await IsAsync(service, HttpStatusCode.OK);

        servers.Postgres.Freeze();
        try
        {
            (await FailsWithin3sAsync(service, "postgres")).ShouldContain("no answer");
        }
        finally
        {
            servers.Postgres.Thaw();
        }
        await IsAsync(service, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_broker_that_is_killed_or_frozen_is_told_within_3_s_with_its_cause_and_so_is_its_return()
    {
        await using var service = await StartAsync(await servers.Postgres.CreateDatabaseAsync());
        await IsAsync(service, HttpStatusCode.OK);

        servers.RabbitMq.Freeze();
        try
        {
            (await FailsWithin3sAsync(service, "rabbitmq")).ShouldContain("no answer");
        }
        finally
        {
            servers.RabbitMq.Thaw();
        }
        await IsAsync(service, HttpStatusCode.OK);

        servers.RabbitMq.Kill();
        (await FailsWithin3sAsync(service, "rabbitmq")).ShouldContain("Connection refused");
        await servers.RabbitMq.StartAsync(Stop);
        await IsAsync(service, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_no_description_holds_it()
    {
        var database = new NpgsqlConnectionStringBuilder(await servers.Postgres.CreateDatabaseAsync()) { Password = "geheim" };
        var broker = new UriBuilder(servers.RabbitMq.ConnectionString) { Password = "geheim" };
        await using var service = await TestService.StartAsync(
            builder => builder.AddPostgresHealth("shop").AddRabbitMqHealth(),
            configuration: new() { ["ConnectionStrings:shop"] = database.ConnectionString, ["ConnectionStrings:rabbitmq"] = broker.Uri.ToString() });
        (await FailsWithin3sAsync(service, "postgres")).ShouldContain("password authentication failed");
        (await FailsWithin3sAsync(service, "rabbitmq")).ShouldContain("ACCESS_REFUSED");
        (await service.Client.GetAsync("/health", Stop).ContinueWith(t => t.Result.Content.ReadAsStringAsync(Stop), Stop).Unwrap()).ShouldNotContain("geheim");
    }

    private Task<TestService> StartAsync(string database) => TestService.StartAsync(
        builder =>
        {
            builder.AddPostgresHealth("shop");
            builder.AddBus();
        },
        configuration: new() { ["ConnectionStrings:shop"] = database, ["ConnectionStrings:rabbitmq"] = servers.RabbitMq.ConnectionString });

    private static async Task IsAsync(TestService service, HttpStatusCode expected)
    {
        await Eventually.IsTrueAsync(async () => (await service.Client.GetAsync("/health", Stop)).StatusCode == expected, $"/health is {expected}");
        (await service.Client.GetAsync("/alive", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Waits for the check's failure, and returns its description.</summary>
    private static async Task<string> FailsWithin3sAsync(TestService service, string check)
    {
        var clock = Stopwatch.StartNew();
        var description = await Eventually.GetAsync(
            async () =>
            {
                using var response = await service.Client.GetAsync("/health", Stop);
                var report = await response.Content.ReadFromJsonAsync<JsonElement>(Stop);
                var found = report.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("name").GetString() == check);
                if (found.GetProperty("status").GetString() != "Unhealthy") return null;
                response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
                return found.GetProperty("description").GetString();
            },
            $"{check} is unhealthy");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));
        (await service.Client.GetAsync("/alive", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        return description;
    }

    public sealed class Servers : IAsyncLifetime
    {
        public PostgresServer Postgres { get; } = new();

        public RabbitMqServer RabbitMq { get; } = new();

        public async ValueTask InitializeAsync() => await Task.WhenAll(Postgres.InitializeAsync().AsTask(), RabbitMq.InitializeAsync().AsTask());

        public async ValueTask DisposeAsync()
        {
            await Postgres.DisposeAsync();
            await RabbitMq.DisposeAsync();
        }
    }
}
