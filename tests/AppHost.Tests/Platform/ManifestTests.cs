using System.Diagnostics;
using System.Text.Json;

namespace Conductor.AppHost.Tests.Platform;

public sealed class ManifestTests
{
    [Fact]
    public async Task The_application_is_published_as_a_manifest_without_secrets_and_paths_of_this_machine()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "manifest.json");
        var output = AppContext.BaseDirectory[AppContext.BaseDirectory.LastIndexOf("bin/", StringComparison.Ordinal)..];
        var program = Path.Combine(Projects.AppHost.ProjectPath, output, "Conductor.AppHost");
        using var process = Process.Start(new ProcessStartInfo(program, ["--publisher", "manifest", "--output-path", file])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(0, string.Concat(await said));
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        using var manifest = JsonDocument.Parse(text);
        var resources = manifest.RootElement.GetProperty("resources").EnumerateObject().ToDictionary(r => r.Name, r => r.Value.GetProperty("type").GetString());
        resources["workflows"].ShouldBe("project.v0");
        resources["postgres"].ShouldBe("container.v0");
        resources["rabbitmq"].ShouldBe("container.v0");
        text.ShouldNotContain(".data");
        text.ShouldNotContain("login?t=");
    }
}
