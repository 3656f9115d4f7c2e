using Conductor.Domain.Streams.Records;
using MassTransit.Logging;
using MassTransit.Transports;

namespace Conductor.StreamRider.Records;

/// <summary>Headers of a record as MassTransit reads them: the first of a name, as text. A W3C trace is what MassTransit takes for its own.</summary>
internal static class RecordHeaderProvider
{
    public static DictionaryHeaderProvider Of(IReadOnlyList<RecordHeader> headers)
    {
        var texts = new Dictionary<string, object>(headers.Count + 1, StringComparer.Ordinal);
        foreach (var header in headers) texts.TryAdd(header.Name, header.Text);
        if (texts.TryGetValue(HeaderNames.TraceParent, out var trace)) texts[DiagnosticHeaders.ActivityId] = trace;
        return new(texts);
    }
}
