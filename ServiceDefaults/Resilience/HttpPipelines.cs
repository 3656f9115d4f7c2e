using System.Collections.Concurrent;
using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Conductor.ServiceDefaults.Resilience;

/// <summary>
/// One pipeline per host, so that one host's open circuit does not stop the others: at most three retries with exponential pauses,
/// a circuit that opens when half of at least ten calls in 10 s failed, 30 s for each attempt.
/// </summary>
internal sealed class HttpPipelines(TimeProvider time)
{
    private static readonly PredicateBuilder<HttpResponseMessage> Transient = new PredicateBuilder<HttpResponseMessage>()
        .Handle<HttpRequestException>()
        .Handle<TimeoutRejectedException>()
        .HandleResult(response => response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout);

    private readonly ConcurrentDictionary<(string Host, bool IsRepeatable), ResiliencePipeline<HttpResponseMessage>> _pipelines = new();
    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> _attempts = new(StringComparer.OrdinalIgnoreCase);

    public ResiliencePipeline<HttpResponseMessage> For(string host, bool isRepeatable) =>
        _pipelines.GetOrAdd((host, isRepeatable), key =>
        {
            var attempt = _attempts.GetOrAdd(key.Host, _ => Attempt());
            if (!key.IsRepeatable) return attempt;
            return Builder().AddRetry(Retry()).AddPipeline(attempt).Build();
        });

    private ResiliencePipeline<HttpResponseMessage> Attempt() => Builder()
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>
        {
            ShouldHandle = Transient,
            FailureRatio = 0.5,
            MinimumThroughput = 10,
            SamplingDuration = TimeSpan.FromSeconds(10),
            BreakDuration = TimeSpan.FromSeconds(5),
        })
        .AddTimeout(TimeSpan.FromSeconds(30))
        .Build();

    private static RetryStrategyOptions<HttpResponseMessage> Retry() => new()
    {
        ShouldHandle = Transient,
        MaxRetryAttempts = 3,
        Delay = TimeSpan.FromMilliseconds(200),
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        OnRetry = retry =>
        {
            retry.Outcome.Result?.Dispose();
            return default;
        },
    };

    private ResiliencePipelineBuilder<HttpResponseMessage> Builder() => new() { TimeProvider = time };
}
