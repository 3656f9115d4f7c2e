using Conductor.Worker.Execution;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Worker.Tests.Execution;

public sealed class ServerOutageTests
{
    [Fact]
    public void A_server_out_of_reach_is_a_line_at_the_start_one_a_minute_and_one_at_the_end()
    {
        var time = new FakeTimeProvider();
        var lines = new Lines();
        var outage = new ServerOutage(time, lines);
        for (var second = 0; second < 90; second++)
        {
            outage.Failed("refused");
            time.Advance(TimeSpan.FromSeconds(1));
        }
        outage.Succeeded();
        outage.Succeeded();
        lines.All.ShouldBe(
        [
            "The server cannot be reached: refused",
            "The server cannot be reached for 00:01:00 now (61 calls failed): refused",
            "The server can be reached again after 00:01:30 (90 calls failed)",
        ]);
    }

    private sealed class Lines : ILogger<ServerOutage>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(formatter(state, exception));
    }
}
