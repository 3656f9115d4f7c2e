using Wasmtime;

namespace Conductor.Scripting.JavaScript;

/// <summary>
/// The functions of QuickJS's C API (quickjs.h) that an evaluation calls. A JSValue is a long with its tag in the upper half.
/// </summary>
internal sealed class QuickJsApi(Instance instance)
{
    public Instance Instance => instance;

    public Memory Memory { get; } = instance.GetMemory("memory")!;
    public Func<int, int> Allocate { get; } = instance.GetFunction<int, int>("wasm_malloc")!;
    public Func<int, int, int, int, int, long> Eval { get; } = instance.GetFunction<int, int, int, int, int, long>("JS_Eval")!;
    public Func<int, int, int, int, long> ParseJson { get; } = instance.GetFunction<int, int, int, int, long>("JS_ParseJSON")!;
    public Func<int, int, int, int, long> ReadObject { get; } = instance.GetFunction<int, int, int, int, long>("JS_ReadObject")!;
    public Func<int, int, long, int, int> WriteObject { get; } = instance.GetFunction<int, int, long, int, int>("JS_WriteObject")!;
    public Func<int, long, int, long, int> SetProperty { get; } = instance.GetFunction<int, long, int, long, int>("JS_SetPropertyStr")!;
    public Func<int, long, int, long> GetProperty { get; } = instance.GetFunction<int, long, int, long>("JS_GetPropertyStr")!;
    public Func<int, long, long> Run { get; } = instance.GetFunction<int, long, long>("JS_EvalFunction")!;
    public Func<int, long, long, long, long> Stringify { get; } = instance.GetFunction<int, long, long, long, long>("JS_JSONStringify")!;
    public Func<int, int, long, int, int> ToUtf8 { get; } = instance.GetFunction<int, int, long, int, int>("JS_ToCStringLen2")!;
    public Func<int, long> GetException { get; } = instance.GetFunction<int, long>("JS_GetException")!;
    public Func<long, int> IsPromise { get; } = instance.GetFunction<long, int>("JS_IsPromise")!;

    /// <summary>Starts QuickJS with its own limits, which give JavaScript errors before the walls of the sandbox are met; returns its context.</summary>
    public int Start(ScriptLimits limits)
    {
        const int performance = 1 << 10; // its clock would start when the image was made
        instance.GetAction("_initialize")!();
        instance.GetFunction<int, int>("qjs_init2")!(~performance);
        instance.GetAction<int>("qjs_set_max_stack_size")!(limits.RecursionBytes);
        instance.GetAction<int>("qjs_set_memory_limit")!(limits.MemoryBytes - (4 << 20));
        instance.GetAction<int>("qjs_set_gc_threshold")!(limits.MemoryBytes / 4);
        return instance.GetFunction<int>("qjs_get_context_ptr")!();
    }
}
