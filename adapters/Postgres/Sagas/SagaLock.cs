using System.Buffers.Binary;
using System.Text;

namespace Conductor.Postgres.Sagas;

/// <summary>
/// Keys of the transaction-level advisory locks that stand for saga instances, so that also an instance that is not there yet can
/// be locked. Every repository of this project uses the same keys. Two instances with one key only wait for each other.
/// </summary>
internal static class SagaLock
{
    public static long Key(Type saga, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes) ^ BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]) ^ Scope(saga);
    }

    // FNV-1a (Fowler, Noll, Vo): the same in every process, unlike string.GetHashCode.
    private static long Scope(Type saga)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(saga.FullName!)) hash = (hash ^ b) * 1099511628211UL;
        return (long)hash;
    }
}
