using System.Globalization;
using System.Text;
using Conductor.Domain.Streams.Records;
using Confluent.Kafka;

namespace Conductor.Kafka.Producing;

/// <summary>
/// Headers of records as Kafka's, which are bytes. A value of another type is written as text, and a header of ours says which of them were what:
/// <c>name=int32,other=bool</c>, names escaped as in URLs. A name may occur more than once.
/// </summary>
internal static class KafkaHeaders
{
    private const string Types = RecordHeaderNames.Prefix + "header-types";

    private static readonly Dictionary<string, (Type Type, Func<string, object?> Parse)> Known = new(StringComparer.Ordinal)
    {
        ["bool"] = (typeof(bool), text => bool.TryParse(text, out var value) ? value : null),
        ["int8"] = Number<sbyte>(),
        ["uint8"] = Number<byte>(),
        ["int16"] = Number<short>(),
        ["uint16"] = Number<ushort>(),
        ["int32"] = Number<int>(),
        ["uint32"] = Number<uint>(),
        ["int64"] = Number<long>(),
        ["uint64"] = Number<ulong>(),
        ["float"] = Number<float>(),
        ["double"] = Number<double>(),
        ["decimal"] = Number<decimal>(),
    };

    private static readonly Dictionary<Type, string> Names = Known.ToDictionary(k => k.Value.Type, k => k.Key);

    /// <summary>Null where there are none.</summary>
    public static Headers? Of(IReadOnlyList<RecordHeader> headers)
    {
        if (headers.Count == 0) return null;
        var written = new Headers();
        List<string>? types = null;
        foreach (var header in headers)
        {
            var type = header.Typed is { } typed && Names.TryGetValue(typed.GetType(), out var known) ? known : null;
            if (type is not null) (types ??= []).Add($"{Uri.EscapeDataString(header.Name)}={type}");
            written.Add(header.Name, ReferenceEquals(header.Typed, RecordHeader.NoValue) ? null : type is null ? BytesOf(header.Value) : TextOf(header.Typed!));
        }
        if (types is not null) written.Add(Types, Encoding.UTF8.GetBytes(string.Join(',', types)));
        return written;
    }

    public static List<RecordHeader>? Read(Headers? headers)
    {
        if (headers is null || headers.Count == 0) return null;
        var read = new List<RecordHeader>(headers.Count);
        string? types = null;
        foreach (var header in headers)
        {
            var value = header.GetValueBytes();
            if (header.Key == Types && value is not null) types = Encoding.UTF8.GetString(value);
            else read.Add(value is null ? new(header.Key, default) { Typed = RecordHeader.NoValue } : new(header.Key, value));
        }
        if (types is not null) Apply(types, read);
        return read.Count == 0 ? null : read;
    }

    // What is not as we write it says nothing: the value is there as text.
    private static void Apply(string types, List<RecordHeader> headers)
    {
        foreach (var parts in types.Split(',').Select(entry => entry.Split('=')).Where(parts => parts.Length == 2 && Known.ContainsKey(parts[1])))
        {
            var name = Uri.UnescapeDataString(parts[0]);
            for (var i = 0; i < headers.Count; i++)
            {
                if (headers[i].Name == name && headers[i].Typed is null) headers[i] = headers[i] with { Typed = Known[parts[1]].Parse(headers[i].Text) };
            }
        }
    }

    private static byte[] BytesOf(ReadOnlyMemory<byte> value) => value.ToArray();

    private static byte[] TextOf(object typed) => Encoding.UTF8.GetBytes(typed switch
    {
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{typed.GetType().Name} is no known type of a header", nameof(typed)),
    });

    private static (Type Type, Func<string, object?> Parse) Number<T>() where T : struct, IParsable<T> =>
        (typeof(T), text => T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null);
}
