using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Domain.Streams.Alerts;

/// <summary>
/// Passes packets whose gzipped images unpack with the right checksum (RFC 1952, CRC32 and ISIZE). Most of a ZTF packet is such
/// images, so that this finds most flipped bits, which Avro itself has no means to find. Images in other forms pass unseen.
/// </summary>
public sealed class ImageCheck : IRecordProcessor
{
    /// <summary>An image that takes more than this is refused: 64 MiB; also one that grows beyond <see cref="Inflation"/>'s limit.</summary>
    private const int MaxImageSize = 64 * 1024 * 1024;

    /// <inheritdoc/>
    public IReadOnlyList<string> Fields { get; } = ["cutoutScience.stampData", "cutoutTemplate.stampData", "cutoutDifference.stampData"];

    /// <inheritdoc/>
    /// <exception cref="BadRecordException">An image is damaged.</exception>
    public ProcessorAnswer Process(ReadOnlySpan<FieldValue> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Kind == FieldValueKind.Text && values[i].Text.Span is [0x1f, _, _, ..] or [_, 0x8b, _, ..]) Unpack(values[i].Text, Fields[i]);
        }
        return ProcessorAnswer.Pass;
    }

    private static void Unpack(ReadOnlyMemory<byte> image, string field)
    {
        if (!MemoryMarshal.TryGetArray(image, out var bytes)) bytes = image.ToArray();
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            using var input = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
            using var gzip = new GZipStream(input, CompressionMode.Decompress);
            var length = 0L;
            var limit = Inflation.Limit(bytes.Count, MaxImageSize);
            while (gzip.Read(buffer) is var read and > 0)
            {
                if ((length += read) > limit) throw new InvalidDataException($"its {bytes.Count} bytes unpack to more than {limit}");
            }

            // The stream ends quietly where input is missing: the trailer tells how long it should have been.
            if (bytes.Count < 18 || BitConverter.ToUInt32(bytes.AsSpan(bytes.Count - 4)) != (uint)length)
                throw new InvalidDataException("its length is not what its trailer says");
        }
        catch (InvalidDataException e)
        {
            throw new BadRecordException($"{field} is damaged: {e.Message}", 0, e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
