using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Conductor.ServiceDefaults.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task Health_lists_every_check_and_alive_only_the_process()
    {
        await using var service = await TestService.StartAsync(builder =>
            builder.Services.AddHealthChecks().AddCheck("stock", () => HealthCheckResult.Unhealthy("the shelf is empty")));

        using var health = await service.Client.GetAsync("/health", TestContext.Current.CancellationToken);
        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var report = await health.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        report.GetProperty("status").GetString().ShouldBe("Unhealthy");
        var checks = report.GetProperty("checks").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!);
        checks["self"].GetProperty("status").GetString().ShouldBe("Healthy");
        checks["stock"].GetProperty("description").GetString().ShouldBe("the shelf is empty");

        using var alive = await service.Client.GetAsync("/alive", TestContext.Current.CancellationToken);
        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await alive.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("stock");
    }
}
