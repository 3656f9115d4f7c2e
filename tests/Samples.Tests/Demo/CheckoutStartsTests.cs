using System.Net;
using Conductor.Demo;
using Conductor.Demo.Checkout;
using Conductor.Worker.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Samples.Tests.Demo;

public sealed class CheckoutStartsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<DateTimeOffset> _asked = [];
    private bool _isUp = true;

    [Fact]
    public async Task The_checkout_is_registered_and_started_again_after_every_interval()
    {
        using var server = new StandInServer(_time, Answer);
        using var starts = Starts(server);
        await starts.StartAsync(TestContext.Current.CancellationToken);
        (await server.NextAsync()).ShouldStartWith("POST /api/metadata/taskdefs [");
        (await server.NextAsync()).ShouldStartWith("PUT /api/metadata/workflow [");
        (await server.NextAsync()).ShouldStartWith("""POST /api/workflow {"name":"checkout","correlationId":"demo-0",""");
        (await server.NextAsync()).ShouldStartWith("""POST /api/workflow {"name":"checkout","correlationId":"demo-1",""");
        (_asked[3] - _asked[2]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(3));
        await starts.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_server_that_is_not_there_yet_is_asked_again()
    {
        _isUp = false;
        using var server = new StandInServer(_time, Answer);
        using var starts = Starts(server);
        await starts.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++) (await server.NextAsync()).ShouldStartWith("POST /api/metadata/taskdefs ");
        _isUp = true;
        var calls = new List<string>();
        while (!calls.Exists(c => c.Contains("demo-0", StringComparison.Ordinal))) calls.Add(await server.NextAsync());
        await starts.StopAsync(TestContext.Current.CancellationToken);
    }

    private (HttpStatusCode, string) Answer(string call)
    {
        _asked.Add(_time.GetUtcNow());
        return _isUp ? (HttpStatusCode.OK, "id") : (HttpStatusCode.ServiceUnavailable, "");
    }

    private CheckoutStarts Starts(StandInServer server) => new(
        new ConductorClient(server.Client("/api/")), new Perseverance(_time, NullLogger<Perseverance>.Instance), Options.Create(new DemoOptions()), _time);
}
