using Conductor.Domain.Streams.Processing;

namespace Conductor.Domain.Streams.Records;

/// <summary>What headers have to be like so that a record can be processed and passed on.</summary>
public static class RecordHeaders
{
    /// <summary>Why a record with these headers is a bad one, or null: headers of ours that are not as we write them, or more than are passed on.</summary>
    public static string? FaultOf(IReadOnlyList<RecordHeader> headers)
    {
        var bytes = 0;
        foreach (var header in headers)
        {
            if (FaultOf(header) is { } fault) return fault;
            bytes += header.Name.Length + header.Value.Length;
        }
        return bytes <= RecordHeaderNames.LargestInAll
            ? null
            : $"its headers take {bytes} bytes; {RecordHeaderNames.LargestInAll} are passed on at most";
    }

    private static string? FaultOf(in RecordHeader header)
    {
        if (!header.Name.StartsWith(RecordHeaderNames.Prefix, StringComparison.Ordinal)) return null;
        if (header.Typed is not null) return $"the header {header.Name} is not a text: {header.Text}";
        return header.Name == RecordHeaderNames.DedupeId && !Origins.IsId(header.Value.Span)
            ? $"the header {header.Name} is not origin@offset: {header.Text}"
            : null;
    }
}
