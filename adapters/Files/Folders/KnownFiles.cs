using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Conductor.Files.Folders;

/// <summary>
/// Which files have been found, without their names: a digest for each that is in the folder or was there within the last day. One that has been read and
/// has been away for longer is a new one when it comes back, so that what is remembered does not grow with what ever was.
/// </summary>
internal sealed class KnownFiles(TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);
    private readonly Dictionary<UInt128, Sight> _known = [];
    private long _forgottenAt = time.GetTimestamp();

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Sight(int Number, long SeenAt);

    public int Count => _known.Count;

    /// <summary>Whether a name is known; notes that it has been seen.</summary>
    public bool Sees(string name)
    {
        var digest = DigestOf(name);
        if (!_known.TryGetValue(digest, out var sight)) return false;
        _known[digest] = sight with { SeenAt = time.GetTimestamp() };
        return true;
    }

    public void Add(string name, int number) => _known[DigestOf(name)] = new Sight(number, time.GetTimestamp());

    /// <summary>Adds one whose name is not known any more, only its <see cref="Digests"/>.</summary>
    public void AddRead(ReadOnlySpan<char> digest) =>
        _known[UInt128.Parse(digest, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)] = new Sight(-1, time.GetTimestamp());

    /// <summary>Digests of the files with lower numbers.</summary>
    public IEnumerable<string> Digests(int below) =>
        _known.Where(known => known.Value.Number < below).Select(known => known.Key.ToString("x32", CultureInfo.InvariantCulture));

    /// <summary>From time to time, after a look at the folder: forgets files with lower numbers that have been away for a day.</summary>
    public void Forget(int below)
    {
        if (time.GetElapsedTime(_forgottenAt) < Remembered / 24) return;
        _forgottenAt = time.GetTimestamp();
        foreach (var (digest, sight) in _known)
        {
            if (sight.Number < below && time.GetElapsedTime(sight.SeenAt) > Remembered) _known.Remove(digest);
        }
    }

    private static UInt128 DigestOf(string name)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), digest);
        return MemoryMarshal.Read<UInt128>(digest);
    }
}
