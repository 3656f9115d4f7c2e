namespace Conductor.Scripting.JavaScript;

/// <summary>What one evaluation of a script may use. Whatever exceeds it fails that evaluation alone.</summary>
public sealed record ScriptLimits
{
    /// <summary>Time of one evaluation on the clock; it ends at most 15 ms later, in native functions too. The time in the queue does not count.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The whole memory of the engine, in bytes; 2.5 MB of it are there before the script starts.</summary>
    public int MemoryBytes { get; init; } = 64 << 20;

    /// <summary>Stack of a script, in bytes: 192 kB are about 750 calls.</summary>
    public int RecursionBytes { get; init; } = 192 << 10;

    /// <summary>Threads of scripts. One definition holds all but one of them at most.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount + 1;

    /// <summary>Most bytes of a script's text, in UTF-8.</summary>
    public int ScriptBytes { get; init; } = 300_000;

    /// <summary>Most bytes of the input as JSON.</summary>
    public int InputBytes { get; init; } = 3 << 20;

    /// <summary>Most bytes of the result as JSON.</summary>
    public int OutputBytes { get; init; } = 3 << 20;
}
