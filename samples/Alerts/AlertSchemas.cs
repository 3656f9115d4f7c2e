namespace Conductor.Alerts;

/// <summary>The published schemas of alerts, as JSON.</summary>
public static class AlertSchemas
{
    /// <summary>Alerts with the fields of ZTF's public stream, version 4.01 (ztf-alert-4.01.avsc).</summary>
    public static string Ztf { get; } = Read("ztf-alert-4.01.avsc");

    private static string Read(string name)
    {
        using var stream = typeof(AlertSchemas).Assembly.GetManifestResourceStream($"Conductor.Alerts.{name}")
            ?? throw new InvalidOperationException($"{name} is not part of the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
