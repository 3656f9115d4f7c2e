using System.Threading.Channels;
using Conductor.Console.Clients;
using Conductor.Console.Live;
using Conductor.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Conductor.Console.Tests.Live;

public sealed class SharedReadsTests
{
    private readonly Channel<string> _feed = Channel.CreateUnbounded<string>();
    private readonly ChannelWriter<string> _viewer = Channel.CreateUnbounded<string>().Writer;
    private readonly ChangeSource _changes;
    private readonly SharedReads _reads;
    private int _asked;

    public SharedReadsTests()
    {
        _changes = new("workflows", _feed.Reader.ReadAllAsync, TimeProvider.System, NullLogger<ChangeSource>.Instance);
        _reads = new(_changes);
    }

    [Fact]
    public async Task The_service_is_asked_once_for_each_change_however_many_look()
    {
        await WatchAsync();
        for (var change = 1; change <= 3; change++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AskAsync("/list")));
            answers.ShouldAllBe(answer => answer == change);
            await ChangeAsync();
        }
        _asked.ShouldBe(3);
    }

    [Fact]
    public async Task An_answer_that_is_there_at_once_is_kept_as_well_and_a_failure_is_not()
    {
        await WatchAsync();
        for (var look = 0; look < 2; look++) await _reads.GetAsync("/known", _ => Answer(failure: null), CancellationToken.None);
        _asked.ShouldBe(1);
        var away = new Failure("workflows", null, "it is away");
        for (var look = 0; look < 2; look++) await _reads.GetAsync("/broken", _ => Answer(away), CancellationToken.None);
        _asked.ShouldBe(3);

        Task<Fetched<int>> Answer(Failure? failure) => Task.FromResult(new Fetched<int>(++_asked, failure));
    }

    [Fact]
    public async Task Nothing_is_kept_while_no_feed_tells_of_changes()
    {
        (await AskAsync("/list")).ShouldBe(1);
        (await AskAsync("/list")).ShouldBe(2);
        await WatchAsync();
        (await AskAsync("/list")).ShouldBe(3);
        (await AskAsync("/list")).ShouldBe(3);
        _changes.Remove(_viewer);
        (await AskAsync("/list")).ShouldBe(4);
    }

    [Fact]
    public async Task Nothing_is_kept_after_the_feed_has_broken()
    {
        await WatchAsync();
        (await AskAsync("/list")).ShouldBe(1);
        _feed.Writer.Complete();
        await Eventually.IsTrueAsync(() => _changes.Version is null, "the feed has ended");
        (await AskAsync("/list")).ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_has_done_something_is_not_shown_what_was_before()
    {
        await WatchAsync();
        (await AskAsync("/list")).ShouldBe(1);
        _reads.Forget();
        (await AskAsync("/list")).ShouldBe(2);
    }

    [Fact]
    public async Task A_failure_is_not_kept_and_different_questions_have_answers_of_their_own()
    {
        await WatchAsync();
        var failed = await _reads.GetAsync("/list", async _ =>
        {
            await Task.Yield();
            return new Fetched<int>(0, new Failure("workflows", 503, "down"));
        }, TestContext.Current.CancellationToken);
        failed.Failure.ShouldNotBeNull();
        (await AskAsync("/list")).ShouldBe(1);
        (await AskAsync("/other")).ShouldBe(2);
        (await AskAsync("/list")).ShouldBe(1);
    }

    [Fact]
    public async Task The_first_viewer_may_go_while_the_others_wait()
    {
        await WatchAsync();
        var answer = new TaskCompletionSource<Fetched<int>>();
        using var gone = new CancellationTokenSource();
        var first = _reads.GetAsync("/list", _ => answer.Task, gone.Token);
        var second = _reads.GetAsync("/list", _ => answer.Task, TestContext.Current.CancellationToken);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        answer.SetResult(new Fetched<int>(7, Failure: null));
        (await second).Value.ShouldBe(7);
    }

    private async Task WatchAsync()
    {
        _changes.Add(_viewer);
        await ChangeAsync();
    }

    private async Task ChangeAsync()
    {
        var before = _changes.Version;
        await _feed.Writer.WriteAsync("changed", TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => _changes.Version is { } version && version != before, "the change is told");
    }

    private async Task<int> AskAsync(string path) => (await _reads.GetAsync(path, async _ =>
    {
        var asked = Interlocked.Increment(ref _asked);
        await Task.Yield();
        return new Fetched<int>(asked, Failure: null);
    }, TestContext.Current.CancellationToken)).Value;
}
