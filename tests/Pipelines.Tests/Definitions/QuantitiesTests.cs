using Conductor.Pipelines.Definitions;

namespace Conductor.Pipelines.Tests.Definitions;

public sealed class QuantitiesTests
{
    [Theory]
    [InlineData("999999999d")]
    [InlineData("36501d")]
    [InlineData("-1s")]
    public void A_duration_that_no_time_can_be_computed_with_is_an_error_at_its_place(string retention)
    {
        var error = PipelineYaml.Parse($"""
            name: p
            components:
              buffer:
                type: stream-buffer
                topics:
                  t:
                    retention: {retention}
            """).Errors.ShouldHaveSingleItem();
        (error.Line, error.Path).ShouldBe((7, "components.buffer.topics.t.retention"));
        error.Message.ShouldBe("'retention' is a duration such as 7d, 2h, 30s or 500ms, at most 36500d");
    }

    [Fact]
    public void A_size_beyond_all_bounds_is_an_error() =>
        PipelineYaml.Parse("{name: p, components: {buffer: {type: stream-buffer, topics: {t: {maxBytes: 999999999TiB}}}}}").Errors.ShouldHaveSingleItem()
            .Message.ShouldBe("'maxBytes' is a size such as 500MB or 2GiB, less than 8EiB");
}
