using System.Globalization;

namespace Conductor.Fuzzing;

/// <summary>How short runs in the tests are steered: <c>FUZZ_SEED</c> repeats one, <c>FUZZ_REQUESTS</c> makes it longer.</summary>
public static class FuzzSeed
{
    /// <summary>Requests of a run; 400 unless told otherwise.</summary>
    public static int Requests => Number("FUZZ_REQUESTS") ?? 400;

    /// <summary>A new seed with every run, which its report names.</summary>
    public static int Choose() => Number("FUZZ_SEED") ?? Random.Shared.Next(1, 1_000_000);

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
