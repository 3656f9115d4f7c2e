namespace Conductor.Scripting.JavaScript;

/// <summary>What every script finds beside JavaScript's own; run once, before the image of the memory is taken.</summary>
internal static class Prelude
{
    public const int SeedBytes = 16;

    /// <summary>
    /// Math.random as sfc32: its value is the buffer that the seed is written to before each evaluation. Names of Conductor's Java engine
    /// that scripts may have called: logging says nothing, Java's types are refused.
    /// </summary>
    public static ReadOnlySpan<byte> Text => """
        {
          const s = new Uint32Array(4);
          const next = () => {
            const t = s[0] + s[1] + s[3]++ >>> 0;
            s[0] = s[1] ^ s[1] >>> 9;
            s[1] = s[2] + (s[2] << 3);
            s[2] = (s[2] << 21 | s[2] >>> 11) + t;
            return t;
          };
          Object.defineProperty(Math, 'random', { value: () => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53, writable: true, configurable: true });
          const java = name => { throw new Error(`Java is not available to scripts: ${String(name)}`); };
          const hidden = { writable: true, configurable: true, enumerable: false };
          Object.defineProperty(globalThis, 'Java', { value: { type: java, from: java, to: java, extend: java }, ...hidden });
          const silent = () => {};
          Object.defineProperty(globalThis, 'console', { value: { log: silent, info: silent, warn: silent, error: silent, debug: silent }, ...hidden });
          Object.defineProperty(globalThis, 'print', { value: silent, ...hidden });
          s.buffer;
        }
        """u8;
}
