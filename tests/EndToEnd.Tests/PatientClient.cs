using System.Net.Http.Json;

namespace Conductor.EndToEnd.Tests;

/// <summary>Calls a service that is killed now and then: what is not answered is sent again, for as long as it takes.</summary>
/// <param name="server">The service.</param>
/// <param name="timeout">How long an answer may take.</param>
/// <param name="pause">How long to wait before the next try.</param>
internal sealed class PatientClient(Uri server, TimeSpan timeout, TimeSpan pause) : IDisposable
{
    private int _failures;

    /// <summary>For calls that are made once.</summary>
    public HttpClient Http { get; } = new() { BaseAddress = server, Timeout = timeout };

    /// <summary>Calls that failed.</summary>
    public int Failures => _failures;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Sends until it is answered; an answer other than success may only be that the service is away for a while (503).</summary>
    public async Task<string> PostAsync(string path, object body)
    {
        while (true)
        {
            try
            {
                using var answer = await Http.PostAsJsonAsync(path, body, Stop);
                var text = await answer.Content.ReadAsStringAsync(Stop);
                if (answer.IsSuccessStatusCode) return text;
                ((int)answer.StatusCode).ShouldBe(503, text);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !Stop.IsCancellationRequested)
            {
                // The service is away: the same again.
            }
            await FailedAsync();
        }
    }

    /// <summary>Sends once, to a service that is there.</summary>
    public async Task SendAsync(HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var answer = await Http.SendAsync(request, Stop);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Stop));
    }

    /// <summary>Counts a failure, and waits before the next try.</summary>
    public Task FailedAsync()
    {
        Interlocked.Increment(ref _failures);
        return Task.Delay(pause, Stop);
    }

    /// <summary>Begins something at a steady rate until it is enough, and waits for all that has begun.</summary>
    public static async Task BeginAsync(int perSecond, Func<int, Task> begin, CancellationToken enough)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        var begun = new List<Task>();
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            begun.Add(begin(number));
            await pace.WaitForNextTickAsync(Stop);
        }
        await Task.WhenAll(begun);
    }

    public void Dispose() => Http.Dispose();
}
