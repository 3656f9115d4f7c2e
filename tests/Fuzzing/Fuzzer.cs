using System.Collections.Concurrent;
using System.Text;

namespace Conductor.Fuzzing;

/// <summary>Sends seeded random requests to every operation of a service and counts what it answers.</summary>
/// <param name="target">The service.</param>
/// <param name="client">Sends; it should not follow redirects.</param>
/// <param name="seed">The same seed sends the same requests, but for the ids that earlier answers held.</param>
/// <param name="ids">Ids that answers held; fuzzers of one platform share them.</param>
/// <param name="documents">Reads the OpenAPI document, where <paramref name="client"/> may not.</param>
public sealed class Fuzzer(FuzzTarget target, HttpClient client, int seed, IdPool ids, HttpClient? documents = null)
{
    private const int AtATime = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private int _next;

    /// <summary>Answers by status; <c>raw</c> ones had no status.</summary>
    public IReadOnlyDictionary<string, int> Answers => _answers;

    /// <summary>Requests that were answered with 5xx (but 501 and 505, which say what the server does not know), or not at all.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Sends so many more requests.</summary>
    public async Task RunAsync(int requests, CancellationToken cancellationToken)
    {
        var document = await Operation.ReadAsync(documents ?? client, cancellationToken);
        var operations = document.Concat(target.More)
            .Where(o => !target.LeaveOut.Any(path => o.Path.StartsWith(path, StringComparison.Ordinal))).ToList();
        var maker = new RequestMaker(target, operations, ids);
        var first = _next;
        _next += requests;
        await Parallel.ForAsync(first, _next, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
            async (number, stop) => await SendAsync(number, maker, stop));
    }

    /// <summary>Counts in one line.</summary>
    public string Summary() =>
        $"{target.Name}: {_next} requests, seed {seed}: "
        + string.Join(", ", _answers.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}: {a.Value}"));

    private async Task SendAsync(int number, RequestMaker maker, CancellationToken cancellationToken)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        if (random.Next(100) == 0)
        {
            var raw = await RawBytes.SendAsync(random, client.BaseAddress!, cancellationToken);
            Count(raw, () => $"#{number} raw bytes");
            return;
        }
        using var request = maker.Make(random, client.BaseAddress!);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            var status = (int)response.StatusCode;
            // A stream of events does not end.
            var isStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
            var answer = isStream ? "" : await response.Content.ReadAsStringAsync(patience.Token);
            ids.Harvest(answer);
            Count(status, () => $"{Described(number, request)}\n    {answer[..Math.Min(300, answer.Length)]}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !IsUnanswered(e))
        {
            // The server closes the connection of a body that it does not read to its end.
            Count(null, () => "");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            _failures.Enqueue($"{Described(number, request)}\n    {e.Message}");
        }
    }

    private static bool IsUnanswered(Exception e) => e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    private void Count(int? status, Func<string> describe)
    {
        _answers.AddOrUpdate(status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "closed", 1, (_, count) => count + 1);
        if (status is >= 500 and not (501 or 505)) _failures.Enqueue($"{status} {describe()}");
    }

    private static string Described(int number, HttpRequestMessage request)
    {
        var address = request.RequestUri!.OriginalString;
        var text = new StringBuilder($"#{number} {request.Method} {address[..Math.Min(500, address.Length)]}");
        if (request.Content is { } content)
        {
            using var stream = content.ReadAsStream();
            stream.Position = 0;
            var head = new byte[1500];
            var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            text.Append($"\n    {content.Headers.ContentType}: ").Append(Encoding.UTF8.GetString(head, 0, read));
        }
        return text.ToString();
    }
}
