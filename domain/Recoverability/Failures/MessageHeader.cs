namespace Conductor.Domain.Recoverability.Failures;

/// <summary>What a header's value was on the wire, so that it can be sent again as it came.</summary>
public enum HeaderKind
{
    /// <summary>Text, or bytes that are UTF-8.</summary>
    Text,
    /// <summary>Other bytes, in base64.</summary>
    Bytes,
    /// <summary>A whole number of 32 bits or fewer.</summary>
    Integer,
    /// <summary>A whole number of 64 bits.</summary>
    Long,
    /// <summary>A floating-point number, in the shortest form that reads back the same.</summary>
    Double,
    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,
    /// <summary>A time, as seconds since 1970 (AMQP 0-9-1, section 4.2.5.5).</summary>
    Time,
    /// <summary>A table or a list, as JSON. It is shown and kept, but not sent again: brokers alone write such.</summary>
    Structure,
}

/// <summary>A header of a message.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its value as text; see <see cref="HeaderKind"/> for the form.</param>
/// <param name="Kind">What it was.</param>
public readonly record struct MessageHeader(string Name, string Text, HeaderKind Kind = HeaderKind.Text);
