using System.Globalization;

namespace Conductor.Testing;

/// <summary>How often a test kills, and at which moments; the seed of a run that failed repeats its choices.</summary>
public static class KillSettings
{
    /// <summary><c>CONDUCTOR_KILL_ROUNDS</c>, or as many as the test has by itself.</summary>
    public static int Rounds(int otherwise) => Number("CONDUCTOR_KILL_ROUNDS") ?? otherwise;

    /// <summary><c>CONDUCTOR_KILL_SEED</c>, or another one each time.</summary>
    public static int Seed() => Number("CONDUCTOR_KILL_SEED") ?? Environment.TickCount;

    private static int? Number(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
        ? int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
        : null;
}
