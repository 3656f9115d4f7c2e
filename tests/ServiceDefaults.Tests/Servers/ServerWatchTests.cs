using Conductor.ServiceDefaults.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.ServiceDefaults.Tests.Servers;

public sealed class ServerWatchTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly LogLines _lines = new();
    private readonly Shelf _shelf = new();
    private readonly LoggerFactory _loggers;
    private readonly ServerWatch _watch;

    public ServerWatchTests()
    {
        _loggers = new LoggerFactory([_lines]);
        _watch = new ServerWatch(_shelf, [new OutageSign(exception => exception is NotSupportedException)], _time, _loggers.CreateLogger<ServerWatch>());
    }

    [Fact]
    public async Task All_that_fails_in_an_outage_is_told_by_its_start_and_its_end()
    {
        _shelf.Fault = new IOException("the shelf is gone");
        for (var i = 0; i < 20; i++) _watch.Explains(new IOException("no lamp")).ShouldBeTrue();
        await Eventually.IsTrueAsync(() => _shelf.Probes == 1, "a probe");
        await ProbedAsync(2);
        _watch.Explains(new IOException("no lamp")).ShouldBeTrue();
        _shelf.Fault = null;
        await ProbedAsync(3);
        await Eventually.IsTrueAsync(() => _lines.All.Length == 2, "two lines");
        _lines.Messages[0].ShouldBe("Shelf at home cannot be used: the shelf is gone");
        _lines.Messages[1].ShouldStartWith("Shelf at home can be used again after 00:00:0");
    }

    [Fact]
    public async Task A_failure_of_a_server_that_answers_is_told_with_its_stack_and_those_that_follow_at_once_are_none_of_its()
    {
        var failure = new IOException("no lamp");
        _watch.Explains(failure).ShouldBeTrue();
        await Eventually.IsTrueAsync(() => _lines.All.Length == 1, "a line");
        _lines.All[0].Exception.ShouldBe(failure);
        _lines.All[0].Message.ShouldBe("Shelf at home failed 1 times and answers again");
        _watch.Explains(failure).ShouldBeFalse();
        _time.Advance(ServerWatch.Pause);
        _watch.Explains(failure).ShouldBeTrue();
    }

    [Fact]
    public async Task While_a_server_is_out_of_reach_calls_that_were_given_up_are_explained_too()
    {
        var givenUp = new InvalidOperationException("wrapped", new TaskCanceledException());
        _watch.MayExplain(givenUp).ShouldBeFalse();
        _shelf.Fault = new IOException("the shelf is gone");
        _watch.Explains(new IOException("no lamp"));
        await Eventually.IsTrueAsync(() => _lines.All.Length == 1, "the outage's line");
        _watch.MayExplain(givenUp).ShouldBeTrue();
        _watch.MayExplain(new InvalidOperationException("a bug")).ShouldBeFalse();
    }

    [Fact]
    public void A_service_may_have_signs_of_its_own() => _watch.MayExplain(new NotSupportedException()).ShouldBeTrue();

    [Fact]
    public async Task A_server_that_says_nothing_cannot_be_used()
    {
        _shelf.IsFrozen = true;
        _watch.Explains(new IOException("no lamp"));
        await Eventually.IsTrueAsync(() => _shelf.Probes == 1, "a probe");
        await Eventually.IsTrueAsync(
            () =>
            {
                _time.Advance(ServerWatch.Limit);
                return _lines.All.Length > 0;
            },
            "a line");
        _lines.Messages[0].ShouldBe("Shelf at home cannot be used: no answer in time");
    }

    [Fact]
    public async Task What_a_library_logs_of_an_outage_is_held_back_and_other_failures_are_not()
    {
        _shelf.Fault = new IOException("the shelf is gone");
        await using var service = await TestService.StartAsync(builder =>
        {
            builder.Logging.AddProvider(_lines);
            builder.Services.AddSingleton(new Func<ServerWatch>(() => _watch)());
            builder.Services.AddHostedService<Outages.Start>();
        });
        var library = service.App.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Library");
        library.LogError(new InvalidOperationException("wrapped", new IOException("no lamp")), "lost a lamp");
        library.LogError(new InvalidOperationException("a bug"), "lost a screw");
        library.LogError("lost a nail");
        await Eventually.IsTrueAsync(() => _lines.Messages.Contains("Shelf at home cannot be used: the shelf is gone"), "the outage's line");
        _lines.All.Where(line => line.Category == "Library").Select(line => line.Message).ShouldBe(["lost a screw", "lost a nail"]);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _loggers.Dispose();
    }

    private Task ProbedAsync(int times) => Eventually.IsTrueAsync(
        () =>
        {
            _time.Advance(ServerWatch.Pause);
            return _shelf.Probes >= times;
        },
        $"{times} probes");

    private sealed class Shelf : IServerProbe
    {
        private int _probes;

        public volatile Exception? Fault;

        public volatile bool IsFrozen;

        public string Server => "Shelf at home";

        public int Probes => Volatile.Read(ref _probes);

        public Task ProbeAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _probes);
            if (IsFrozen) return new TaskCompletionSource().Task;
            return Fault is { } fault ? Task.FromException(fault) : Task.CompletedTask;
        }

        public bool MayExplain(Exception exception) => Causes.Of(exception).Any(cause => cause is IOException);
    }
}
