using System.Text.Json;
using Conductor.Domain.Workflows.Expressions;
using Jint;
using Jint.Native;
using Jint.Parser;
using Jint.Runtime;
using Jint.Runtime.Debugger;

namespace Conductor.Scripting;

/// <summary>
/// JavaScript with Jint: ECMAScript 5.1 in strict isolation (no CLR), at most 4 s, with bounds on statements, recursion, allocation and the result.
/// The value of the script is that of its last statement.
/// </summary>
public sealed class JavaScriptEvaluator(TimeSpan timeout, int maximumResultLength) : IScriptEvaluator
{
    private const long MaximumAllocation = 512L * 1024 * 1024;

    /// <summary>Conductor's limit of 4 s, and results of at most 3 MB.</summary>
    public JavaScriptEvaluator() : this(TimeSpan.FromSeconds(4), 3 * 1024 * 1024) { }

    /// <inheritdoc/>
    public ScriptResult Evaluate(string script, JsonElement input)
    {
        try
        {
            var engine = new Engine(options => options.TimeoutInterval(timeout).LimitRecursion(200).MaxStatements(5_000_000).DebugMode().Culture(System.Globalization.CultureInfo.InvariantCulture));
            // This Jint has no limit of memory of its own: what the script allocates is looked at before each statement.
            var before = GC.GetAllocatedBytesForCurrentThread();
            engine.Step += (_, _) => GC.GetAllocatedBytesForCurrentThread() - before > MaximumAllocation ? throw new MemoryLimitException() : StepMode.Into;
            engine.SetValue("$", engine.Json.Parse(JsValue.Undefined, [new JsValue(input.GetRawText())]));
            return ToResult(engine, engine.Execute(script).GetCompletionValue());
        }
        catch (JavaScriptException error) { return Failed($"{error.Error} at line {error.LineNumber}"); }
        catch (ParserException error) { return Failed($"Syntax error: {error.Message}"); }
        catch (TimeoutException) { return Failed($"The script took longer than {timeout.TotalSeconds:0.#} s"); }
        catch (RecursionDepthOverflowException) { return Failed("The script recurses too deeply"); }
        catch (StatementsCountOverflowException) { return Failed("The script runs too many statements"); }
        catch (MemoryLimitException) { return Failed($"The script takes more than {MaximumAllocation / 1024 / 1024} MB of memory"); }
        catch (ArgumentException error) { return Failed(error.Message); }
    }

    private ScriptResult ToResult(Engine engine, JsValue value)
    {
        if (value.IsUndefined() || value.IsNull()) return new(Parse("null"), null);
        var text = engine.Json.Stringify(JsValue.Undefined, [value, JsValue.Undefined, JsValue.Undefined]);
        if (!text.IsString()) return new(Parse("null"), null);
        return text.AsString().Length > maximumResultLength ? Failed($"The script's result is longer than {maximumResultLength} characters") : new(Parse(text.AsString()), null);
    }

    private static ScriptResult Failed(string error) => new(Parse("null"), error);

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private sealed class MemoryLimitException : Exception;
}
