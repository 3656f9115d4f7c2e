using System.Text;

namespace Conductor.ServiceDefaults.Prometheus;

/// <summary>OpenTelemetry's names and units in Prometheus's spelling (its "OTLP to Prometheus" compatibility rules).</summary>
internal static class PrometheusNames
{
    public static string Metric(string name, string unit, bool isMonotonicSum)
    {
        var text = Clean(name);
        var suffix = Unit(unit);
        if (suffix.Length > 0 && !text.EndsWith(suffix, StringComparison.Ordinal)) text += suffix;
        if (isMonotonicSum && !text.EndsWith("_total", StringComparison.Ordinal)) text += "_total";
        return text;
    }

    public static string Clean(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name) text.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        if (text.Length > 0 && char.IsAsciiDigit(text[0])) text.Insert(0, '_');
        return text.ToString();
    }

    private static string Unit(string unit) => unit switch
    {
        "s" => "_seconds",
        "ms" => "_milliseconds",
        "By" => "_bytes",
        "%" => "_percent",
        "" or "1" => "",
        // {requests} and the like only annotate; MassTransit writes "ea" for "each".
        "ea" => "",
        _ when unit.StartsWith('{') => "",
        _ => "_" + Clean(unit),
    };
}
