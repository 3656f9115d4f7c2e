using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Conductor.Alerts;

/// <summary>
/// A small FITS image (FITS standard 4.0, sections 4.4 and 5.3) with a blurred point in its middle, compressed with gzip as ZTF's stamps are.
/// </summary>
internal static class StampImage
{
    private const int Side = 15;
    private const int RecordLength = 2880;

    public static byte[] Create(double brightness)
    {
        var image = new byte[RecordLength * 2];
        image.AsSpan(0, RecordLength).Fill((byte)' ');
        WriteHeader(image.AsSpan(0, RecordLength));
        for (var y = 0; y < Side; y++)
        {
            for (var x = 0; x < Side; x++)
            {
                var distance = Math.Pow(x - (Side / 2), 2) + Math.Pow(y - (Side / 2), 2);
                var pixel = (float)(brightness * Math.Exp(-distance / 4));
                System.Buffers.Binary.BinaryPrimitives.WriteSingleBigEndian(image.AsSpan(RecordLength + (((y * Side) + x) * sizeof(float))), pixel);
            }
        }

        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal)) gzip.Write(image);
        return output.ToArray();
    }

    private static void WriteHeader(Span<byte> header)
    {
        var card = 0;
        foreach (var (keyword, value) in new[] { ("SIMPLE", "T"), ("BITPIX", "-32"), ("NAXIS", "2"), ("NAXIS1", Text(Side)), ("NAXIS2", Text(Side)) })
        {
            Encoding.ASCII.GetBytes($"{keyword,-8}= {value,20}", header[(80 * card++)..]);
        }

        Encoding.ASCII.GetBytes("END", header[(80 * card)..]);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
