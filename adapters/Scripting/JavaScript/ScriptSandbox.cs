using System.Diagnostics;
using Wasmtime;

namespace Conductor.Scripting.JavaScript;

/// <summary>Wasmtime with quickjs.wasm compiled (0.7 to 1.7 s), the image of a started QuickJS, and the clock that stops scripts. One per process.</summary>
internal sealed class ScriptSandbox : IDisposable
{
    private const int TickMilliseconds = 5;
    private const int WasmStack = 768 << 10; // clearly less than the threads that call it have: a script that fills those ends the process

    private readonly ScriptLimits _limits;
    private readonly Engine _engine;
    private readonly Linker _imports;
    private readonly Module _module;
    private readonly GuestImage _image;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Thread _clock;

    public ScriptSandbox(ScriptLimits limits, TimeProvider time)
    {
        _limits = limits;
        _engine = new Engine(new Config().WithMaximumStackSize(WasmStack).WithEpochInterruption(true));
        _imports = ScriptWorld.Imports(_engine, time);
        using var wasm = typeof(ScriptSandbox).Assembly.GetManifestResourceStream("quickjs.wasm")!;
        _module = Module.FromStream(_engine, "quickjs", wasm);
        using var first = new Guest(_engine, _imports, _module, limits, image: null);
        _image = first.Image();
        // A thread of its own: a timer would wait for the thread pool.
        _clock = new(Tick) { IsBackground = true, Name = "script clock" };
        _clock.Start();
    }

    public Guest NewGuest() => new(_engine, _imports, _module, _limits, _image);

    public void Allow(Guest guest) => guest.Allow((ulong)_limits.Time.TotalMilliseconds / TickMilliseconds + 1);

    public bool Reset(Guest guest) => guest.Reset(_image);

    public void Dispose()
    {
        _stopping.Cancel();
        _clock.Join();
        _stopping.Dispose();
        _module.Dispose();
        _imports.Dispose();
        _engine.Dispose();
    }

    private void Tick()
    {
        var clock = Stopwatch.StartNew();
        for (long ticks = 0; !_stopping.Token.WaitHandle.WaitOne(TickMilliseconds);)
            for (var due = clock.ElapsedMilliseconds / TickMilliseconds; ticks < due; ticks++) _engine.IncrementEpoch();
    }
}
