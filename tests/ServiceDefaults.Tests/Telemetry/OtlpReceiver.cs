using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Conductor.ServiceDefaults.Tests.Telemetry;

internal sealed record Span(
    string Source, string Service, string TraceId, string SpanId, string ParentId, string Name, int Kind, IReadOnlyDictionary<string, string> Tags);

/// <summary>Receives OTLP over HTTP in protobuf (opentelemetry-proto, trace/v1) and keeps the spans.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public ConcurrentQueue<Span> Spans { get; } = new();

    public ConcurrentDictionary<string, string> ContentTypes { get; } = new();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.MapPost("/v1/{signal}", receiver.ReceiveAsync);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(string signal, HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        ContentTypes[signal] = request.ContentType ?? "";
        if (signal == "traces") ReadTraces(body.ToArray());
    }

    private void ReadTraces(byte[] body)
    {
        var export = new ProtobufReader(body);
        while (export.Read())
        {
            var service = "";
            var resourceSpans = new ProtobufReader(export.Bytes);
            while (resourceSpans.Read())
            {
                if (resourceSpans.Field == 1) service = Tags(resourceSpans.Bytes, 1).GetValueOrDefault("service.name", "");
                else if (resourceSpans.Field == 2) ReadScope(resourceSpans.Bytes, service);
            }
        }
    }

    private void ReadScope(ReadOnlySpan<byte> bytes, string service)
    {
        var source = "";
        var scope = new ProtobufReader(bytes);
        while (scope.Read())
        {
            if (scope.Field == 1)
            {
                var names = new ProtobufReader(scope.Bytes);
                while (names.Read())
                {
                    if (names.Field == 1) source = names.Text;
                }
            }
            else if (scope.Field == 2)
            {
                Spans.Enqueue(ReadSpan(scope.Bytes, source, service));
            }
        }
    }

    private static Span ReadSpan(ReadOnlySpan<byte> bytes, string source, string service)
    {
        var (trace, id, parent, name, kind) = ("", "", "", "", 0);
        var fields = new ProtobufReader(bytes);
        while (fields.Read())
        {
            switch (fields.Field)
            {
                case 1: trace = fields.Hex; break;
                case 2: id = fields.Hex; break;
                case 4: parent = fields.Hex; break;
                case 5: name = fields.Text; break;
                case 6: kind = (int)fields.Number; break;
            }
        }
        return new Span(source, service, trace, id, parent, name, kind, Tags(bytes, 9));
    }

    private static Dictionary<string, string> Tags(ReadOnlySpan<byte> bytes, int field)
    {
        var tags = new Dictionary<string, string>();
        var fields = new ProtobufReader(bytes);
        while (fields.Read())
        {
            if (fields.Field != field) continue;
            var (key, value) = ("", "");
            var pair = new ProtobufReader(fields.Bytes);
            while (pair.Read())
            {
                if (pair.Field == 1) key = pair.Text;
                else if (pair.Field == 2) value = Value(pair.Bytes);
            }
            tags[key] = value;
        }
        return tags;
    }

    private static string Value(ReadOnlySpan<byte> bytes)
    {
        var value = new ProtobufReader(bytes);
        return !value.Read() ? "" : value.Field == 1 ? value.Text : value.Number.ToString();
    }
}
