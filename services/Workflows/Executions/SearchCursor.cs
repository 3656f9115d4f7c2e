using System.Buffers.Binary;
using System.Buffers.Text;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Answers;

namespace Conductor.Workflows.Executions;

/// <summary>A place in a list as clients get and send it: microseconds of the epoch and the id, in base64url. They need not know.</summary>
internal static class SearchCursor
{
    private const int Length = sizeof(long) + 16;
    private static readonly long Last = Microseconds(DateTimeOffset.MaxValue);

    public static string Write(ListPlace place)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Microseconds(place.CreatedAt));
        place.Id.TryWriteBytes(bytes[sizeof(long)..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="ConductorException">It is none.</exception>
    public static ListPlace Read(string field, string text)
    {
        if (!Base64Url.IsValid(text, out var length) || length != Length) throw Wrong(field);
        Span<byte> bytes = stackalloc byte[Length];
        Base64Url.DecodeFromChars(text, bytes);
        var at = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (at < 0 || at > Last) throw Wrong(field);
        return new(DateTimeOffset.UnixEpoch.AddMicroseconds(at), new Guid(bytes[sizeof(long)..], bigEndian: true));
    }

    private static long Microseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static ConductorException Wrong(string field) =>
        new(ConductorError.Invalid([new ValidationError(field, "is not the 'next' or 'previous' of an answer")]));
}
