using Conductor.ServiceDefaults.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.ServiceDefaults.Tests.Logging;

public sealed class OutageLogTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LogLines _lines = new();
    private readonly OutageLog _log;

    public OutageLogTests() => _log = new OutageLog("The shop", _lines.CreateLogger("test"), _time);

    [Fact]
    public void An_outage_is_a_line_at_its_start_one_a_minute_and_one_at_its_end()
    {
        for (var second = 0; second < 150; second++)
        {
            _log.Failed(new InvalidOperationException("wrapped", new IOException("refused")));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        _log.Succeeded();
        _log.Succeeded();
        _lines.Messages.ShouldBe(
        [
            "The shop cannot be used: refused",
            "The shop cannot be used for 00:01:00 now (61 failures): refused",
            "The shop cannot be used for 00:02:00 now (121 failures): refused",
            "The shop can be used again after 00:02:30 (150 failures)",
        ]);
        _lines.All.ShouldAllBe(line => line.Exception == null);
    }

    [Fact]
    public void The_next_outage_is_told_anew()
    {
        _log.Failed("refused");
        _log.Succeeded();
        _log.Failed("no answer");
        _lines.Messages[^1].ShouldBe("The shop cannot be used: no answer");
    }

    [Fact]
    public void What_succeeds_says_nothing()
    {
        _log.Succeeded();
        _lines.All.ShouldBeEmpty();
    }
}
