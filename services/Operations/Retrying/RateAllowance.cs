namespace Conductor.Operations.Retrying;

/// <summary>How many messages may go now, so that over any second there are not more than the rate, and as many as were sent late.</summary>
internal sealed class RateAllowance(int perSecond, TimeProvider time)
{
    private long _last = time.GetTimestamp();
    private double _left = 1;

    /// <summary>Takes what has come together since the last time, of a second at most.</summary>
    public int Take(int most)
    {
        _left = Math.Min(perSecond, _left + (perSecond * time.GetElapsedTime(_last).TotalSeconds));
        _last = time.GetTimestamp();
        var taken = Math.Min(most, (int)_left);
        _left -= taken;
        return taken;
    }
}
