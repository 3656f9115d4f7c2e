using Conductor.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry.Trace;

namespace Conductor.ServiceDefaults.Tests.Telemetry;

public sealed class FewTracesTests
{
    [Fact]
    public void So_many_traces_begin_in_a_second_and_as_many_in_the_next()
    {
        var time = new FakeTimeProvider();
        var sampler = new FewTraces(3, time);
        int Begun() => Enumerable.Range(0, 10).Count(_ => sampler.ShouldSample(default).Decision == SamplingDecision.RecordAndSample);
        Begun().ShouldBe(3);
        Begun().ShouldBe(0);
        time.Advance(TimeSpan.FromSeconds(1));
        Begun().ShouldBe(3);
    }
}
