using Conductor.Fuzzing;

namespace Conductor.Console.Tests;

/// <summary>A short run of what <c>./bench fuzz</c> does at length.</summary>
public sealed class FuzzTests(ConsoleUnderTest console) : IClassFixture<ConsoleUnderTest>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_is_sent_the_answer_is_never_a_failure(bool loggedIn)
    {
        using var client = await console.ClientAsync(loggedIn);
        using var reader = await console.ClientAsync();
        var form = loggedIn ? await FormToken.ReadAsync(client, "/workflows/start", TestContext.Current.CancellationToken) : null;
        var fuzzer = new Fuzzer(FuzzTargets.Console(form), client, FuzzSeed.Choose(), new IdPool(), reader);
        await fuzzer.RunAsync(FuzzSeed.Requests, TestContext.Current.CancellationToken);
        TestContext.Current.SendDiagnosticMessage(fuzzer.Summary());
        string.Join('\n', fuzzer.Failures.Take(20)).ShouldBeEmpty($"{fuzzer.Summary()}\n{string.Join('\n', console.Errors)}");
    }
}
