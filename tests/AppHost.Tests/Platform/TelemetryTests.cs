using Conductor.Engines;

namespace Conductor.AppHost.Tests.Platform;

[EndToEnd, Collection(nameof(RunningPlatform))]
public sealed class TelemetryTests(RunningPlatform platform)
{
    [Theory]
    [InlineData("workflows")]
    [InlineData("pipelines")]
    [InlineData("console")]
    public async Task Without_a_dashboard_a_service_sends_telemetry_to_nobody(string name)
    {
        await platform.StartedAsync(TestContext.Current.CancellationToken);
        var file = $"/proc/{platform.ProcessIds(name).Single()}/environ";
        var environment = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Split('\0');
        environment.ShouldContain("OTEL_SERVICE_NAME=" + name);
        environment.ShouldNotContain(variable => variable.StartsWith("OTEL_EXPORTER_OTLP", StringComparison.Ordinal));
    }
}
