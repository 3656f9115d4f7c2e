using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Samples.Tests.Demo;

/// <summary>Answers the demo's calls, and tells them in order.</summary>
internal sealed class StandInServer(FakeTimeProvider time, Func<string, (HttpStatusCode Status, string Body)> answer) : HttpMessageHandler
{
    private readonly Channel<string> _requests = Channel.CreateUnbounded<string>();

    public bool HasMore => _requests.Reader.TryPeek(out _);

    /// <summary>The next call, such as <c>GET /api/pipelines</c>; the clock runs while it is waited for.</summary>
    public async Task<string> NextAsync()
    {
        string? request;
        while (!_requests.Reader.TryRead(out request))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        return request;
    }

    public HttpClient Client(string path = "/") => new(this, disposeHandler: false) { BaseAddress = new Uri("http://service.test" + path) };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var (status, text) = answer(call);
        _requests.Writer.TryWrite(body.Length == 0 ? call : $"{call} {body}");
        return new HttpResponseMessage(status) { RequestMessage = request, Content = new StringContent(text) };
    }
}
