using System.Text;

namespace Conductor.Domain.Avro.Schemas;

/// <summary>CRC-64-AVRO ("Schema Fingerprints", Avro 1.12): Rabin fingerprint with the specification's polynomial, table driven.</summary>
public static class SchemaFingerprint
{
    private const ulong Empty = 0xc15d213aa4d7a795;
    private static readonly ulong[] Table = CreateTable();

    /// <summary>Fingerprint of a schema's canonical form.</summary>
    public static ulong Of(AvroSchema schema) => Of(Encoding.UTF8.GetBytes(schema.ToCanonicalForm()));

    /// <summary>Fingerprint of any bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var crc = Empty;
        foreach (var b in bytes) crc = (crc >> 8) ^ Table[(byte)(crc ^ b)];
        return crc;
    }

    private static ulong[] CreateTable()
    {
        var table = new ulong[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = (ulong)i;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (Empty & (0 - (crc & 1)));
            table[i] = crc;
        }

        return table;
    }
}
