namespace Conductor.Domain.Workflows.Limits;

/// <summary>How large a value may be that expressions, scripts and tasks make. What exceeds it fails its task with the reason.</summary>
public static class ValueLimits
{
    /// <summary>Levels of objects and arrays.</summary>
    public const int Depth = JsonLimits.RequestDepth;

    /// <summary>Most bytes of one value as JSON.</summary>
    public const int Bytes = 10 << 20;

    /// <summary>Most bytes of all tasks that one decision makes: those that follow each other at once, or begin together.</summary>
    public const int DecisionBytes = 64 << 20;

    /// <summary>Most characters of one expression, what stands inside of it included.</summary>
    public const int ExpressionLength = 10_000;

    /// <summary>How deep expressions nest.</summary>
    public const int ExpressionDepth = 20;

    /// <exception cref="ValueRefusedException">It is more than <see cref="Bytes"/>.</exception>
    internal static void Check(long bytes)
    {
        if (bytes > Bytes) throw new ValueRefusedException($"The value would be larger than {Bytes >> 20} MB");
    }
}
