namespace Conductor.Domain.Workflows.Limits;

/// <summary>How large a value may be that expressions, scripts and tasks make. What exceeds it fails its task with the reason.</summary>
public static class ValueLimits
{
    /// <summary>Levels of objects and arrays.</summary>
    public const int Depth = JsonLimits.RequestDepth;

    /// <summary>Most bytes of one value as JSON.</summary>
    public const int Bytes = 10 << 20;
}
