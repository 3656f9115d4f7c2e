using System.Text;

namespace Conductor.Postgres.Recoverability;

/// <summary>Where a body is kept: as text where it is one, so that it is found by its words; beside the row where it is long.</summary>
internal readonly record struct StoredBody(string? Text, byte[]? Bytes, byte[]? Apart)
{
    /// <summary>Bytes of a body that is kept in the message's own row, at most.</summary>
    public const int LargestInRow = 65_536;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Text is kept only where it gives back the same bytes: UTF-8 without NUL, which PostgreSQL does not take.</summary>
    public static StoredBody Of(ReadOnlyMemory<byte> body)
    {
        if (body.Length > LargestInRow) return new StoredBody(null, null, body.ToArray());
        if (body.Span.Contains((byte)0)) return new StoredBody(null, body.ToArray(), null);
        try
        {
            return new StoredBody(Strict.GetString(body.Span), null, null);
        }
        catch (DecoderFallbackException)
        {
            return new StoredBody(null, body.ToArray(), null);
        }
    }

    /// <summary>The original bytes.</summary>
    public ReadOnlyMemory<byte> ToBytes() => Text is not null ? Strict.GetBytes(Text) : Bytes ?? Apart ?? [];
}
