using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.ServiceDefaults.Tests.Health;

public sealed class SharedHealthTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runs;

    [Fact]
    public async Task Many_probers_share_a_run_for_a_second()
    {
        await using var service = await StartAsync();
        var asked = Enumerable.Range(0, 20).Select(_ => StatusAsync(service)).ToArray();
        await Eventually.IsTrueAsync(() => Volatile.Read(ref _runs) == 1, "a run");
        _answer.SetResult();
        (await Task.WhenAll(asked)).ShouldAllBe(status => status == HttpStatusCode.OK);
        await StatusAsync(service);
        _runs.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        await StatusAsync(service);
        _runs.ShouldBe(2);
    }

    [Fact]
    public async Task A_check_that_does_not_end_is_given_up()
    {
        await using var service = await StartAsync();
        var asked = service.Client.GetFromJsonAsync<JsonElement>("/alive", TestContext.Current.CancellationToken);
        (await asked).GetProperty("status").GetString().ShouldBe("Healthy");
        using var response = await GivenUpAsync(service);
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("no answer within 2 s");
    }

    private async Task<HttpResponseMessage> GivenUpAsync(TestService service)
    {
        var asked = service.Client.GetAsync("/health", TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(
            () =>
            {
                if (Volatile.Read(ref _runs) > 0) _time.Advance(TimeSpan.FromSeconds(2));
                return asked.IsCompleted;
            },
            "an answer");
        return await asked;
    }

    private static async Task<HttpStatusCode> StatusAsync(TestService service)
    {
        using var response = await service.Client.GetAsync("/health", TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private Task<TestService> StartAsync() => TestService.StartAsync(builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddHealthChecks().AddAsyncCheck("shelf", async () =>
        {
            Interlocked.Increment(ref _runs);
            await _answer.Task;
            return HealthCheckResult.Healthy();
        });
    });
}
