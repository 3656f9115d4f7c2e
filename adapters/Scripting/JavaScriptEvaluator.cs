using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Conductor.Domain.Workflows.Expressions;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Runtime;

namespace Conductor.Scripting;

/// <summary>
/// JavaScript with Jint in strict isolation (no CLR), at most 4 s, with bounds on statements, recursion, memory and the result.
/// The value of the script is that of its last statement.
/// </summary>
/// <remarks>The bounds hold between statements: a native function that takes long or much (<c>repeat</c>, <c>join</c>) is not interrupted.</remarks>
public sealed class JavaScriptEvaluator(TimeSpan timeout, int maximumResultLength) : IScriptEvaluator
{
    private const long MaximumMemory = 512L * 1024 * 1024;

    /// <summary>Conductor's limit of 4 s, and results of at most 3 MB.</summary>
    public JavaScriptEvaluator() : this(TimeSpan.FromSeconds(4), 3 * 1024 * 1024) { }

    /// <inheritdoc/>
    public ScriptResult Evaluate(string script, JsonElement input)
    {
        try
        {
            using var engine = new Engine(Limit);
            engine.SetValue("$", new JsonParser(engine).Parse(input.GetRawText()));
            return ToResult(engine, engine.Evaluate(script));
        }
        catch (JavaScriptException error) { return Failed($"{error.Error} at line {error.Location.Start.Line}"); }
        catch (Exception error) when (error is TimeoutException or RegexMatchTimeoutException)
        {
            return Failed($"The script took longer than {timeout.TotalSeconds:0.#} s");
        }
        catch (RecursionDepthOverflowException) { return Failed("The script recurses too deeply"); }
        catch (InsufficientExecutionStackException) { return Failed("The script recurses too deeply"); }
        catch (StatementsCountOverflowException) { return Failed("The script runs too many statements"); }
        catch (MemoryLimitExceededException) { return Failed($"The script takes more than {MaximumMemory / 1024 / 1024} MB of memory"); }
        catch (JsonException error) { return Failed($"The script's result cannot be read: {error.Message}"); }
        catch (ArgumentException error) { return Failed(error.Message); }
    }

    private void Limit(Options options)
    {
        options.TimeoutInterval(timeout).LimitRecursion(200).MaxStatements(5_000_000).LimitMemory(MaximumMemory).Culture(CultureInfo.InvariantCulture);
        // Without it, JSON.stringify of a deep object overflows the stack, which ends the process.
        options.Constraints.StackOverflowGuard = true;
        options.Constraints.RegexTimeout = timeout;
    }

    private ScriptResult ToResult(Engine engine, JsValue value)
    {
        if (value.IsUndefined() || value.IsNull()) return new(Parse("null"), null);
        var text = new Jint.Native.Json.JsonSerializer(engine).Serialize(value);
        if (!text.IsString()) return new(Parse("null"), null);
        return text.AsString().Length > maximumResultLength
            ? Failed($"The script's result is longer than {maximumResultLength} characters")
            : new(Parse(text.AsString()), null);
    }

    private static ScriptResult Failed(string error) => new(Parse("null"), error);

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
