using OpenTelemetry.Trace;

namespace Conductor.ServiceDefaults.Telemetry;

/// <summary>
/// Begins so many traces a second at most: a trace of every request costs more than many a request. What belongs to a trace that has begun elsewhere
/// is decided there.
/// </summary>
internal sealed class FewTraces(int perSecond, TimeProvider time) : Sampler
{
    private long _second;
    private int _begun;

    /// <inheritdoc />
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var second = time.GetTimestamp() / time.TimestampFrequency;
        if (Interlocked.Exchange(ref _second, second) != second) Interlocked.Exchange(ref _begun, 0);
        return new(Interlocked.Increment(ref _begun) <= perSecond ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
    }
}
