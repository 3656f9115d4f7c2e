using Conductor.Domain.Avro.Data;
using Conductor.Domain.Avro.Schemas;

namespace Conductor.Domain.Avro.Containers;

/// <summary>
/// Remembers the headers met last, so that files with equal headers cost a comparison of bytes and no parsing, and files that differ only in
/// other metadata share their schema. Safe to share between threads.
/// </summary>
public sealed class ContainerHeaderCache
{
    private const int Capacity = 32;

    /// <summary>What is remembered takes up to fifty times as much: hostile headers must not fill the memory.</summary>
    private const int CapacityBytes = 1024 * 1024;

    private ContainerHeader[] _headers = [];

    /// <summary>The header of a file.</summary>
    /// <exception cref="AvroDataException">It is not the beginning of a container file.</exception>
    public ContainerHeader Read(ReadOnlySpan<byte> file)
    {
        foreach (var header in _headers)
        {
            if (file.Length >= header.Length && file.StartsWith(header.Bytes.Span)) return header;
        }

        return Parse(file);
    }

    private ContainerHeader Parse(ReadOnlySpan<byte> file)
    {
        var headers = _headers;
        var parsed = ContainerHeaderParser.Parse(file, text => Known(headers, text));
        // Two threads may both add: one of them is forgotten, and parsed again when it is met next.
        _headers = [.. Fitting([parsed, .. headers.Take(Capacity - 1)])];
        return parsed;
    }

    private static IEnumerable<ContainerHeader> Fitting(IEnumerable<ContainerHeader> headers)
    {
        var bytes = 0;
        return headers.TakeWhile(header => (bytes += header.Length) <= CapacityBytes);
    }

    private static AvroSchema? Known(ContainerHeader[] headers, ReadOnlyMemory<byte> text) =>
        Array.Find(headers, header => header.Metadata[ContainerHeader.SchemaKey].Span.SequenceEqual(text.Span))?.Schema;
}
