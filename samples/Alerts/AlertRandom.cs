namespace Conductor.Alerts;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): the same seed and number give the same values, on every machine.</summary>
internal sealed class AlertRandom(long seed, long number)
{
    private const ulong Golden = 0x9e3779b97f4a7c15;
    private ulong _state = Mix(unchecked((ulong)seed)) ^ unchecked((ulong)number * Golden);

    public double Next() => (Mix(_state += Golden) >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + ((high - low) * Next());

    /// <summary>From 0 up to, but without, the limit.</summary>
    public int Below(int limit) => (int)(Next() * limit);

    public bool Chance(double probability) => Next() < probability;

    private static ulong Mix(ulong value)
    {
        value = unchecked((value ^ (value >> 30)) * 0xbf58476d1ce4e5b9);
        value = unchecked((value ^ (value >> 27)) * 0x94d049bb133111eb);
        return value ^ (value >> 31);
    }
}
