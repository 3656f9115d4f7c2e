using Conductor.Domain.Workflows.Retention;

namespace Conductor.Domain.Tests.Workflows;

public sealed class ArchivedIdTests
{
    [Fact]
    public void An_id_with_a_time_is_in_no_folder_of_a_day_well_before_it() =>
        ArchivedId.Since(Guid.CreateVersion7(new DateTimeOffset(2026, 3, 2, 23, 59, 0, TimeSpan.Zero))).ShouldBe(new DateOnly(2026, 3, 1));

    [Theory]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public void An_id_without_a_time_may_be_in_any(string id) => ArchivedId.Since(Guid.Parse(id)).ShouldBe(DateOnly.MinValue);

    [Theory]
    [InlineData("ffffffff-ffff-7fff-bfff-ffffffffffff", "9999-12-30")]
    [InlineData("00000000-0000-7000-8000-000000000000", "1969-12-31")]
    public void Times_that_nobody_has_are_no_failure(string id, string day) => ArchivedId.Since(Guid.Parse(id)).ShouldBe(DateOnly.Parse(day));
}
