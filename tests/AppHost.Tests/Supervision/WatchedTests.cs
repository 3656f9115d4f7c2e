using Conductor.AppHost.Supervision;

namespace Conductor.AppHost.Tests.Supervision;

public sealed class WatchedTests
{
    private readonly Watched _watched = new(new ExecutableResource("stock", "true", "/"), "stock-1");

    [Fact]
    public void One_that_ends_by_itself_is_to_be_started_again() => Follow("Starting", "Running", "Exited").ShouldBe([false, false, true]);

    [Fact]
    public void One_that_ends_by_itself_without_an_error_is_too() => Follow("Running", "Finished").ShouldBe([false, true]);

    [Fact]
    public void One_that_does_not_start_is_too() => Follow("Starting", "FailedToStart").ShouldBe([false, true]);

    [Fact]
    public void One_that_was_stopped_stays_stopped() => Follow("Running", "Stopping", "Exited").ShouldBe([false, false, false]);

    [Fact]
    public void The_same_end_counts_once() => Follow("Running", "Exited", "Exited").ShouldBe([false, true, false]);

    private static CustomResourceSnapshot Snapshot(string state) => new() { ResourceType = "Executable", Properties = [], State = state };

    private IEnumerable<bool> Follow(params string[] states) => [.. states.Select(s => _watched.Follow(Snapshot(s), TimeProvider.System))];
}
