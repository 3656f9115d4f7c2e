using Conductor.AppHost.Supervision;

namespace Conductor.AppHost.Tests.Supervision;

public sealed class StopOrderTests
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder();

    [Fact]
    public async Task Whoever_waits_stops_before_what_it_waited_for()
    {
        var postgres = _builder.AddPostgres("postgres");
        var database = postgres.AddDatabase("db");
        var api = _builder.AddExecutable("api", "true", "/").WaitFor(database);
        _builder.AddExecutable("web", "true", "/").WaitFor(api);
        var stopped = new List<string>();
        await StopOrder.StopAsync(_builder.Resources, async r =>
        {
            await Task.Yield();
            lock (stopped) stopped.Add(r.Name);
        });
        stopped.ShouldBe(["web", "api", "db", "postgres"]);
    }
}
