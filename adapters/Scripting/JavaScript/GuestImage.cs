namespace Conductor.Scripting.JavaScript;

/// <summary>Where things are in the guest's memory: QuickJS's context and global object, three names, room for a length, the seed.</summary>
internal sealed record GuestHandles(int Context, long Global, int Dollar, int FileName, int InputName, int Length, int SeedAt);

/// <summary>The memory of a QuickJS that has just started. Copied back between evaluations, so that none sees anything of another.</summary>
internal sealed class GuestImage
{
    private const int Block = 4096;
    // quickjs.wasm keeps its stack below its data, growing down from 1 MiB; QuickJS uses half of it at most.
    private const int StackTop = 1 << 20, StackBottom = StackTop - (512 << 10);

    private readonly List<Range> _written = [], _zero = [];
    private readonly byte[] _memory;

    public GuestImage(byte[] memory, GuestHandles handles)
    {
        (_memory, Handles) = (memory, handles);
        memory.AsSpan(0, StackTop).Clear();
        for (int from = StackBottom, to; from < memory.Length; from = to)
        {
            var empty = IsZero(from);
            for (to = from + Block; to < memory.Length && IsZero(to) == empty; to += Block) { }
            (empty ? _zero : _written).Add(from..to);
        }
    }

    public GuestHandles Handles { get; }

    public int Length => _memory.Length;

    /// <summary>False when the memory has grown: it cannot shrink.</summary>
    public bool TryCopyTo(Span<byte> memory)
    {
        if (memory.Length != _memory.Length) return false;
        foreach (var range in _written) _memory.AsSpan(range).CopyTo(memory[range]);
        foreach (var range in _zero) memory[range].Clear();
        return true;
    }

    private bool IsZero(int at) => !_memory.AsSpan(at, Block).ContainsAnyExcept((byte)0);
}
