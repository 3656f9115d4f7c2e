namespace Conductor.Testing;

/// <summary>Random damage, the same for the same seed.</summary>
public sealed class Mutations
{
    private readonly Random _random;

    /// <summary>Begins with a seed, which a failing test is to print.</summary>
    public Mutations(int seed)
    {
        Seed = seed;
        _random = new Random(seed);
    }

    /// <summary>The seed.</summary>
    public int Seed { get; }

    /// <summary>How many a test makes: 1,000, or what <c>CONDUCTOR_MUTATIONS</c> says.</summary>
    public static int Count => int.TryParse(Environment.GetEnvironmentVariable("CONDUCTOR_MUTATIONS"), out var count) ? count : 1000;

    /// <summary>A seed of now, or what <c>CONDUCTOR_SEED</c> says.</summary>
    public static Mutations New() => new(int.TryParse(Environment.GetEnvironmentVariable("CONDUCTOR_SEED"), out var seed) ? seed : Environment.TickCount);

    /// <summary>One of several.</summary>
    public T OneOf<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    /// <summary>Bytes with one to three damages; half of them near the beginning, where lengths and schemas are.</summary>
    public byte[] Damage(byte[] bytes)
    {
        for (var times = _random.Next(1, 4); times > 0; times--) bytes = DamageOnce(bytes);
        return bytes;
    }

    /// <summary>A text with one to three damages: characters and pieces left out, doubled, moved, or put in.</summary>
    public string Damage(string text, IReadOnlyList<string> pieces)
    {
        for (var times = _random.Next(1, 4); times > 0; times--)
        {
            var (at, other) = (_random.Next(text.Length + 1), _random.Next(text.Length + 1));
            var length = Math.Min(_random.Next(1, 30), text.Length - at);
            text = _random.Next(5) switch
            {
                0 => text.Remove(at, Math.Min(1, text.Length - at)),
                1 => text.Remove(at, length),
                2 => text.Insert(other, text.Substring(at, length)),
                3 => text.Insert(at, ((char)_random.Next(0x10000)).ToString()),
                _ => text.Insert(at, OneOf(pieces)),
            };
        }

        return text;
    }

    private byte[] DamageOnce(byte[] bytes)
    {
        if (bytes.Length == 0) return [(byte)_random.Next(256)];
        var at = _random.Next(_random.Next(2) == 0 ? bytes.Length : Math.Min(bytes.Length, 300));
        var length = _random.Next(Math.Min(64, bytes.Length - at)) + 1;
        var random = new byte[_random.Next(1, 20)];
        _random.NextBytes(random);
        return _random.Next(7) switch
        {
            0 => bytes[..at],
            1 => [.. bytes[..at], .. bytes[(at + length)..]],
            2 => [.. bytes[..at], .. random, .. bytes[at..]],
            3 => [.. bytes[..(at + length)], .. bytes[at..]],
            // The largest numbers there are, as lengths or counts.
            4 => [.. bytes[..at], .. Enumerable.Repeat((byte)0xff, _random.Next(1, 10)), (byte)_random.Next(2), .. bytes[at..]],
            5 => [.. bytes[..at], (byte)_random.Next(256), .. bytes[(at + 1)..]],
            _ => [.. bytes[..at], (byte)(bytes[at] ^ (1 << _random.Next(8))), .. bytes[(at + 1)..]],
        };
    }
}
