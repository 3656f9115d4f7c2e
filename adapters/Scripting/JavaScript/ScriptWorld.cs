using Wasmtime;

namespace Conductor.Scripting.JavaScript;

/// <summary>All that a script can see outside itself: the time (in UTC) and random numbers. The twelve imports of quickjs.wasm.</summary>
internal static class ScriptWorld
{
    private const string Wasi = "wasi_snapshot_preview1", Host = "env";
    private const int Success = 0, BadFile = 8, None = 0;

    /// <summary>There are no files, no modules, and no function of ours that a script could call back through.</summary>
    public static Linker Imports(Engine engine, TimeProvider time)
    {
        var linker = new Linker(engine);
        linker.DefineFunction(Wasi, "clock_time_get", (Caller caller, int _, long _, int at) =>
        {
            caller.GetMemory("memory")!.WriteInt64(at, time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000);
            return Success;
        });
        linker.DefineFunction(Wasi, "random_get", (Caller caller, int at, int length) =>
        {
            Random.Shared.NextBytes(caller.GetMemory("memory")!.GetSpan(at, length));
            return Success;
        });
        linker.DefineFunction(Wasi, "fd_close", (int _) => BadFile);
        linker.DefineFunction(Wasi, "fd_fdstat_get", (int _, int _) => BadFile);
        linker.DefineFunction(Wasi, "fd_seek", (int _, long _, int _, int _) => BadFile);
        linker.DefineFunction(Wasi, "fd_write", (int _, int _, int _, int _) => BadFile);
        linker.DefineFunction(Host, "host_call", (int _, int _, int _, int _, int _) => None);
        linker.DefineFunction(Host, "host_get_timezone_offset", (int _, int _) => None);
        linker.DefineFunction(Host, "host_interrupt", () => None);
        linker.DefineFunction(Host, "host_promise_rejection", (int _, int _, int _) => { });
        linker.DefineFunction(Host, "host_module_normalize", (int _, int _) => None);
        linker.DefineFunction(Host, "host_module_load", (int _, int _) => None);
        return linker;
    }
}
