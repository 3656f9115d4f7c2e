using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Conductor.ServiceDefaults.Prometheus;

/// <summary>Keeps nothing: each scrape collects the metrics and writes them out.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly SemaphoreSlim _oneScrape = new(1);
    private string _text = "";

    // Without IPullMetricExporter a pull-only reader refuses to collect, and says nothing.
    public Func<int, bool>? Collect { get; set; }

    public async Task<string> ScrapeAsync(CancellationToken cancellationToken)
    {
        await _oneScrape.WaitAsync(cancellationToken);
        try
        {
            if (Collect is not null && !Collect(10_000)) throw new TimeoutException("the metrics could not be collected within 10 s");
            return _text;
        }
        finally
        {
            _text = "";
            _oneScrape.Release();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var writer = new PrometheusWriter();
        foreach (var metric in batch) writer.Add(metric);
        _text = writer.ToString();
        return ExportResult.Success;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _oneScrape.Dispose();
        base.Dispose(disposing);
    }
}
