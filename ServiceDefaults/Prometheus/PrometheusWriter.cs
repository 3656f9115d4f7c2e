using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;

namespace Conductor.ServiceDefaults.Prometheus;

/// <summary>Prometheus's text exposition format 0.0.4. Instruments of one name from several meters form one family.</summary>
internal sealed class PrometheusWriter
{
    private readonly Dictionary<string, (string Header, StringBuilder Samples)> _families = [];

    public void Add(Metric metric)
    {
        var isMonotonicSum = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        var name = PrometheusNames.Metric(metric.Name, metric.Unit, isMonotonicSum);
        var type = metric.MetricType == MetricType.Histogram ? "histogram" : isMonotonicSum ? "counter" : "gauge";
        if (!_families.TryGetValue(name, out var family))
        {
            var help = metric.Description.Length == 0 ? "" : $"# HELP {name} {EscapeHelp(metric.Description)}\n";
            _families[name] = family = ($"{help}# TYPE {name} {type}\n", new StringBuilder());
        }
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = Labels(point, metric.MeterName);
            if (type == "histogram") AddHistogram(family.Samples, name, labels, point);
            else Sample(family.Samples, name, labels, Value(metric.MetricType, point));
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (header, samples) in _families.Values) text.Append(header).Append(samples);
        return text.ToString();
    }

    private static void AddHistogram(StringBuilder to, string name, string labels, in MetricPoint point)
    {
        long count = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            var bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : Number(bucket.ExplicitBound);
            Sample(to, name + "_bucket", $"{labels},le=\"{bound}\"", count);
        }
        Sample(to, name + "_sum", labels, point.GetHistogramSum());
        Sample(to, name + "_count", labels, point.GetHistogramCount());
    }

    private static double Value(MetricType type, in MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
        _ => throw new NotSupportedException($"{type} has no Prometheus text form"),
    };

    private static string Labels(in MetricPoint point, string meter)
    {
        var labels = new StringBuilder("otel_scope_name=\"").Append(EscapeLabel(meter)).Append('"');
        foreach (var (key, value) in point.Tags)
        {
            var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            labels.Append(',').Append(PrometheusNames.Clean(key)).Append("=\"").Append(EscapeLabel(text)).Append('"');
        }
        return labels.ToString();
    }

    private static void Sample(StringBuilder to, string name, string labels, double value) =>
        to.Append(name).Append('{').Append(labels).Append("} ").Append(Number(value)).Append('\n');

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string EscapeHelp(string text) => text.Replace("\\", "\\\\").Replace("\n", "\\n");

    private static string EscapeLabel(string text) => EscapeHelp(text).Replace("\"", "\\\"");
}
