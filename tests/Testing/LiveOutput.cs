using Xunit;

namespace Conductor.Testing;

/// <summary>What a long test says on its way.</summary>
public static class LiveOutput
{
    /// <summary>Writes a line to the test's output, and at once to whoever watches.</summary>
    public static void Tell(this ITestOutputHelper output, string line)
    {
        output.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
    }
}
