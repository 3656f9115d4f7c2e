using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using MassTransit;

namespace Conductor.StreamRider.Records;

/// <summary>
/// Keys as bytes: as the default serializers of Kafka's clients write them (text in UTF-8, numbers in network order), and as JSON where they have none.
/// </summary>
internal static class KeyFormat
{
    /// <summary>The bytes; null for no key.</summary>
    public static byte[]? Write<TKey>(TKey key) => key switch
    {
        null or Ignore => null,
        byte[] bytes => bytes,
        string text => Encoding.UTF8.GetBytes(text),
        int number => Number(4, bytes => BinaryPrimitives.WriteInt32BigEndian(bytes, number)),
        long number => Number(8, bytes => BinaryPrimitives.WriteInt64BigEndian(bytes, number)),
        float number => Number(4, bytes => BinaryPrimitives.WriteSingleBigEndian(bytes, number)),
        double number => Number(8, bytes => BinaryPrimitives.WriteDoubleBigEndian(bytes, number)),
        _ => JsonSerializer.SerializeToUtf8Bytes(key, TopicJson.Options),
    };

    /// <summary>The key of these bytes; the default of its type where there are none.</summary>
    /// <exception cref="FormatException">The bytes are none of this type.</exception>
    public static TKey? Read<TKey>(ReadOnlyMemory<byte> key)
    {
        if (key.IsEmpty || typeof(TKey) == typeof(Ignore)) return default;
        try
        {
            return (TKey?)Read(key, typeof(TKey));
        }
        catch (Exception e) when (e is JsonException or ArgumentOutOfRangeException or NotSupportedException)
        {
            throw new FormatException($"the key of the record ({key.Length} bytes) is not a {typeof(TKey).Name}", e);
        }
    }

    private static object? Read(ReadOnlyMemory<byte> key, Type type)
    {
        if (type == typeof(byte[])) return key.ToArray();
        if (type == typeof(string)) return Encoding.UTF8.GetString(key.Span);
        if (type == typeof(int)) return BinaryPrimitives.ReadInt32BigEndian(key.Span);
        if (type == typeof(long)) return BinaryPrimitives.ReadInt64BigEndian(key.Span);
        if (type == typeof(float)) return BinaryPrimitives.ReadSingleBigEndian(key.Span);
        if (type == typeof(double)) return BinaryPrimitives.ReadDoubleBigEndian(key.Span);
        return JsonSerializer.Deserialize(key.Span, type, TopicJson.Options);
    }

    private static byte[] Number(int size, Action<byte[]> write)
    {
        var bytes = new byte[size];
        write(bytes);
        return bytes;
    }
}
