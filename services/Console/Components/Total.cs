using System.Runtime.InteropServices;

namespace Conductor.Console.Components;

/// <summary>How many there are, or that there are more: services count only so far.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Total(long Value, bool IsCapped = false)
{
    /// <summary>Where there is little room.</summary>
    public string Short => Spans.Count(Value) + (IsCapped ? "+" : "");

    public override string ToString() => IsCapped ? $"more than {Spans.Count(Value)}" : Spans.Count(Value);
}
