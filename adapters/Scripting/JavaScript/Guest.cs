using System.Text;
using Wasmtime;

namespace Conductor.Scripting.JavaScript;

/// <summary>
/// One instance of quickjs.wasm. Nothing in it is freed: each evaluation ends with its memory put back. Used by one thread at a time.
/// </summary>
internal sealed class Guest : IDisposable
{
    private const long Undefined = 3L << 32;
    private const int UndefinedTag = 3, ExceptionTag = 6, ObjectTag = -1;
    private const int CompileOnly = 1 << 5, Bytecode = 1, StripSource = 1 << 4;

    private readonly Store _store;
    private readonly QuickJsApi _js;
    private readonly GuestHandles _at;

    /// <summary>Starts QuickJS, or, with an image, takes over the state of one that was started before.</summary>
    public Guest(Engine engine, Linker imports, Module module, ScriptLimits limits, GuestImage? image)
    {
        _store = new Store(engine);
        _store.SetLimits(limits.MemoryBytes, tableElements: 10_000, instances: 1, tables: 1, memories: 1);
        _store.SetEpochDeadline(ulong.MaxValue / 2);
        _js = new(imports.Instantiate(_store, module));
        if (image is null)
        {
            _at = Start(limits);
            return;
        }
        _js.Memory.Grow((image.Length - _js.Memory.GetLength()) / Memory.PageSize);
        _at = image.Handles;
        Reset(image);
    }

    public void Dispose() => _store.Dispose();

    public GuestImage Image() => new(Whole().ToArray(), _at);

    /// <summary>False when the memory has grown: this instance is of no more use.</summary>
    public bool Reset(GuestImage image) => image.TryCopyTo(Whole());

    /// <summary>Before each evaluation: from now it has so many ticks of the engine's epoch.</summary>
    public void Allow(ulong ticks)
    {
        Random.Shared.NextBytes(_js.Memory.GetSpan(_at.SeedAt, Prelude.SeedBytes));
        _store.SetEpochDeadline(ticks);
    }

    /// <summary>A script as QuickJS's bytecode, which loads in microseconds and is valid in every guest.</summary>
    public byte[] Compile(ReadOnlySpan<byte> script)
    {
        var function = Check(_js.Eval(_at.Context, Write(script), script.Length, _at.FileName, CompileOnly));
        var at = _js.WriteObject(_at.Context, _at.Length, function, Bytecode | StripSource);
        return at != 0 ? Span(at).ToArray() : throw Thrown();
    }

    /// <summary>The result as JSON, in the guest's memory.</summary>
    public ReadOnlySpan<byte> Evaluate(ReadOnlySpan<byte> bytecode, ReadOnlySpan<byte> input)
    {
        var dollar = Check(_js.ParseJson(_at.Context, Write(input), input.Length, _at.InputName));
        _js.SetProperty(_at.Context, _at.Global, _at.Dollar, dollar);
        var result = Check(_js.Run(_at.Context, Check(_js.ReadObject(_at.Context, Write(bytecode), bytecode.Length, Bytecode))));
        if (_js.IsPromise(result) != 0) throw new ScriptException("The script returns a promise; return its value instead");
        var json = Check(_js.Stringify(_at.Context, result, Undefined, Undefined));
        if (Tag(json) == UndefinedTag) return "null"u8;
        var at = _js.ToUtf8(_at.Context, _at.Length, json, 0);
        return at != 0 ? Span(at) : throw Thrown();
    }

    private GuestHandles Start(ScriptLimits limits)
    {
        const int spareHeap = 512 << 10; // so that most evaluations find memory without growing it, which costs them their guest
        var context = _js.Start(limits);
        var global = _js.Instance.GetFunction<int, long>("JS_GetGlobalObject")!(context);
        var at = new GuestHandles(context, global, Write("$"u8), Write("script"u8), Write("input"u8), Allocate(sizeof(int)), SeedAt: 0);
        var seed = _js.Eval(context, Write(Prelude.Text), Prelude.Text.Length, Write("prelude"u8), 0);
        var seedAt = _js.Instance.GetFunction<int, int, long, int>("JS_GetArrayBuffer")!(context, at.Length, seed);
        _js.Instance.GetAction<int>("wasm_free")!(Allocate(spareHeap));
        return at with { SeedAt = seedAt };
    }

    private Span<byte> Whole() => _js.Memory.GetSpan(0, (int)_js.Memory.GetLength());

    private Span<byte> Span(int at) => _js.Memory.GetSpan(at, _js.Memory.ReadInt32(_at.Length));

    private int Allocate(int size)
    {
        var at = _js.Allocate(size);
        return at != 0 ? at : throw new ScriptException("The script takes more memory than allowed");
    }

    private int Write(ReadOnlySpan<byte> bytes)
    {
        var at = Allocate(bytes.Length + 1);
        var room = _js.Memory.GetSpan(at, bytes.Length + 1);
        bytes.CopyTo(room);
        room[^1] = 0;
        return at;
    }

    private static int Tag(long value) => (int)(value >> 32);

    private long Check(long value) => Tag(value) == ExceptionTag ? throw Thrown() : value;

    private ScriptException Thrown()
    {
        var thrown = _js.GetException(_at.Context);
        if (Tag(thrown) != ObjectTag) return ScriptException.Thrown("", Text(thrown), "");
        var message = Text(Property(thrown, "message"u8));
        if (message.Length == 0) message = Text(_js.Stringify(_at.Context, thrown, Undefined, Undefined));
        return ScriptException.Thrown(Text(Property(thrown, "name"u8)), message, Text(Property(thrown, "stack"u8)));
    }

    private long Property(long target, ReadOnlySpan<byte> name) => _js.GetProperty(_at.Context, target, Write(name));

    private string Text(long value)
    {
        const int enough = 1000;
        if (Tag(value) is UndefinedTag or ExceptionTag) return "";
        var at = _js.ToUtf8(_at.Context, _at.Length, value, 0);
        return at == 0 ? "" : Encoding.UTF8.GetString(_js.Memory.GetSpan(at, Math.Min(_js.Memory.ReadInt32(_at.Length), enough)));
    }
}
