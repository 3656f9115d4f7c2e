using System.Net.Http.Json;

namespace Conductor.EndToEnd.Tests;

/// <summary>The scripts of <c>data/scripts/evil.txt</c> (name <c> ## </c> script), and some of our own where the file is not.</summary>
internal static class HostileScript
{
    public static IReadOnlyList<string> All { get; } = Read();

    /// <summary>Registers one as the script of a SWITCH, and starts it.</summary>
    public static async Task RunAsync(HttpClient client, int number, CancellationToken cancellationToken)
    {
        var definition = new
        {
            name = $"hostile_script_{number}", version = 1, schemaVersion = 2, ownerEmail = "h@example.com", timeoutSeconds = 0,
            tasks = new object[]
            {
                new
                {
                    name = "s", taskReferenceName = "s", type = "SWITCH", evaluatorType = "javascript", expression = All[number],
                    inputParameters = new { a = 1 }, decisionCases = new { x = Array.Empty<object>() }, defaultCase = Array.Empty<object>(),
                },
            },
        };
        using var registered = await client.PutAsJsonAsync("/api/metadata/workflow", new[] { definition }, cancellationToken);
        // Scripts that cannot even be parsed are refused.
        if (!registered.IsSuccessStatusCode) return;
        using var started = await client.PostAsJsonAsync($"/api/workflow/{definition.name}", new { }, cancellationToken);
    }

    private static IReadOnlyList<string> Read()
    {
        var file = Path.Combine(Environment.GetEnvironmentVariable("CONDUCTOR_SHARED") ?? "", "data/scripts/evil.txt");
        return File.Exists(file)
            ? [.. File.ReadLines(file).Where(line => line.Contains(" ## ", StringComparison.Ordinal)).Select(line => line.Split(" ## ", 2)[1])]
            : ["for(;;);", "/^(a+)+$/.test('a'.repeat(40)+'!')", "new Array(2e8).join('x')", "var o={toString(){return ''+o}}; ''+o"];
    }
}
