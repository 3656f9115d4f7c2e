using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Scripting.JavaScript;

/// <summary>
/// Evaluates scripts that nobody trusts: JavaScript (ES2023 and most of what came later) in QuickJS, inside WebAssembly. Whatever a script does, in
/// native functions too, ends at <see cref="ScriptLimits"/>, fails it alone, and leaves nothing behind for the next. Its value is that of its
/// last statement, as JSON. Thread-safe; one per process.
/// </summary>
public sealed class JavaScriptEvaluator(ScriptLimits limits, TimeProvider time) : IScriptEvaluator, IDisposable
{
    private const int MostBytesKept = 64 << 20;

    private readonly ScriptThreads _threads = new(limits, time);
    private ConcurrentDictionary<string, byte[]> _compiled = new(StringComparer.Ordinal);
    private long _bytesKept;

    /// <inheritdoc/>
    public async Task<ScriptResult> EvaluateAsync(string owner, ScriptCall call)
    {
        try
        {
            ScriptException.Require(JsonMarshal.GetRawUtf8Value(call.Input).Length, limits.InputBytes, "script's input");
            return new(await _threads.RunAsync(owner, guest => Result(guest, call)), null);
        }
        catch (ScriptException refused)
        {
            return new(default, refused.Message);
        }
    }

    /// <inheritdoc/>
    public async Task<string?> CheckAsync(string owner, string script)
    {
        try
        {
            await _threads.RunAsync(owner, guest => Bytecode(guest, script));
            return null;
        }
        catch (ScriptException refused)
        {
            return refused.Message;
        }
    }

    /// <summary>Returns when the scripts that run have ended; those that wait are cancelled.</summary>
    public void Dispose() => _threads.Dispose();

    private JsonElement Result(Guest guest, ScriptCall call)
    {
        var result = guest.Evaluate(Bytecode(guest, call.Script), JsonMarshal.GetRawUtf8Value(call.Input));
        ScriptException.Require(result.Length, limits.OutputBytes, "script's result");
        try
        {
            return RequestJson.ReadReplacing(result);
        }
        catch (JsonException e)
        {
            throw new ScriptException("The script's result cannot be kept: " + e.Message);
        }
    }

    private byte[] Bytecode(Guest guest, string script)
    {
        var compiled = _compiled;
        if (compiled.TryGetValue(script, out var known)) return known;
        var text = Encoding.UTF8.GetBytes(script);
        ScriptException.Require(text.Length, limits.ScriptBytes, "script");
        var bytecode = guest.Compile(text);
        if (Interlocked.Add(ref _bytesKept, bytecode.Length + sizeof(char) * script.Length) > MostBytesKept)
        {
            _compiled = compiled = new(StringComparer.Ordinal);
            Interlocked.Exchange(ref _bytesKept, 0);
        }
        return compiled[script] = bytecode;
    }
}
