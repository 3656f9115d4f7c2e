using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>
/// Ids and jitter from a command's seed. The first eight bytes stay, so that time-ordered seeds (UUID version 7) give time-ordered ids;
/// the others are mixed with a counter by SplitMix64.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct IdSequence(Guid seed)
{
    private ulong _counter;

    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        seed.TryWriteBytes(bytes, bigEndian: true, out _);
        var mixed = Mix(BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) + (++_counter * 0x9E3779B97F4A7C15UL));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (mixed & 0x3FFFFFFFFFFFFFFFUL) | 0x8000000000000000UL);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>0 to <paramref name="limit"/>, both included.</summary>
    public int Jitter(int limit) => limit <= 0 ? 0 : (int)(BitConverter.ToUInt64(Next().ToByteArray(), 8) % ((ulong)limit + 1));

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
