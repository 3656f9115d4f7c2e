using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Conductor.Fuzzing;

/// <summary>Makes a request of an operation, from a random number.</summary>
internal sealed partial class RequestMaker(FuzzTarget target, IReadOnlyList<Operation> operations, IdPool ids)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW"];
    private static readonly string[] ContentTypes =
    [
        "application/json", "text/plain", "application/yaml", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded", "x",
        "application/json; charset=utf-16",
    ];
    private static readonly string[] Headers =
    [
        "Accept", "Accept-Encoding", "Accept-Language", "Origin", "Referer", "X-Forwarded-For", "X-Forwarded-Host", "Range", "If-Match",
        "If-Modified-Since", "traceparent", "baggage", "Cookie", "Authorization", "Content-Encoding", "Last-Event-ID", "Forwarded", "X-Live",
    ];

    public HttpRequestMessage Make(Random random, Uri address)
    {
        var operation = random.Choose(operations);
        var method = random.Next(25) == 0 ? random.Choose(Methods) : operation.Method;
        var uri = new Uri(address.GetLeftPart(UriPartial.Authority) + Path(random, operation) + Query(random, operation),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(method), uri);
        if (method is "POST" or "PUT" or "PATCH" || random.Next(30) == 0) AddBody(random, request, operation);
        if (random.Next(10) == 0) request.Headers.TryAddWithoutValidation(random.Choose(Headers), HeaderValue(random));
        return request;
    }

    private string Path(Random random, Operation operation) => Parameter().Replace(operation.Path, match => Value(random, match.Groups[1].Value));

    private string Query(Random random, Operation operation)
    {
        var parts = operation.Query.Where(_ => random.Next(2) == 0).Select(name => $"{name}={Value(random, name)}").ToList();
        if (random.Next(20) == 0) parts.Add($"{HostileValues.InAddress(random)}={HostileValues.InAddress(random)}");
        if (random.Next(20) == 0 && parts.Count > 0) parts.Add(parts[0]);
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    private string Value(Random random, string name)
    {
        if (random.Next(4) == 0) return HostileValues.InAddress(random);
        if (name.EndsWith("id", StringComparison.OrdinalIgnoreCase) && name is not ("workerid" or "requestId"))
            return (ids.Choose(random) ?? Guid.NewGuid()).ToString();
        return name switch
        {
            "version" or "count" or "size" or "limit" or "partition" => random.Next(3).ToString(CultureInfo.InvariantCulture),
            "timeout" or "start" or "offset" => "0",
            "status" => random.Choose(["COMPLETED", "FAILED", "IN_PROGRESS", "RUNNING"]),
            "verb" => random.Choose(["start", "stop"]),
            _ => Uri.EscapeDataString(random.Choose(target.Names)),
        };
    }

    private void AddBody(Random random, HttpRequestMessage request, Operation operation)
    {
        var type = random.Next(15) == 0 ? random.Choose(ContentTypes) : target.ContentType;
        request.Content = new ByteArrayContent(Body(random, operation));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (random.Next(100) == 0) request.Content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");
        if (random.Next(50) == 0) request.Headers.TransferEncodingChunked = true;
    }

    private byte[] Body(Random random, Operation operation)
    {
        if (random.Next(1000) == 0) return Encoding.UTF8.GetBytes("{\"v\":\"" + new string('x', random.Choose([1_000_000, 9_000_000, 11_000_000])) + "\"}");
        if (random.Next(300) == 0) return Encoding.UTF8.GetBytes(HostileValues.Nested(random));
        var samples = target.Bodies.Where(b => operation.Path.StartsWith(b.Key, StringComparison.Ordinal)).OrderByDescending(b => b.Key.Length)
            .Select(b => b.Value).FirstOrDefault(["{}"]);
        var sample = random.Choose(samples);
        foreach (var place in new[] { "@id", "@task" })
            while (sample.IndexOf(place, StringComparison.Ordinal) is var at and >= 0)
                sample = sample[..at] + (ids.Choose(random) ?? Guid.NewGuid()) + sample[(at + place.Length)..];
        if (target.ContentType == "application/json") return JsonMutation.Apply(random, sample, target.Fields);
        if (target.ContentType != "application/x-www-form-urlencoded") return TextMutation.Apply(random, sample);
        var token = target.FormToken is null || random.Next(10) == 0 ? "" : $"&__RequestVerificationToken={Uri.EscapeDataString(target.FormToken)}";
        return Encoding.UTF8.GetBytes($"{sample}={HostileValues.InAddress(random)}{token}");
    }

    private static string HeaderValue(Random random)
    {
        var text = HostileValues.Text(random);
        return string.Concat(text.Where(c => c is > ' ' and < (char)127)) is { Length: > 0 } value ? value[..Math.Min(2000, value.Length)] : "x";
    }

    [GeneratedRegex(@"\{(\w+)[^}]*\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
