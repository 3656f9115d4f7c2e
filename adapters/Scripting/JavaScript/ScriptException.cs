using System.Globalization;
using System.Text.RegularExpressions;
using Wasmtime;

namespace Conductor.Scripting.JavaScript;

/// <summary>Why a script gave no result, in words for its author, with line and column where there are any.</summary>
internal sealed partial class ScriptException(string message) : Exception(message)
{
    private const string Recursion = "The script recurses too deeply";

    /// <summary>An error of JavaScript's own: thrown by the script, by the parser, or by QuickJS at its own limits.</summary>
    public static ScriptException Thrown(string name, string message, string stack)
    {
        var text = (name, message) switch
        {
            ("InternalError", "out of memory") => "The script takes more memory than allowed",
            ("RangeError", "Maximum call stack size exceeded") => Recursion,
            ("", _) => message,
            _ => $"{name}: {message}",
        };
        var at = Position().Match(stack);
        return new(at.Success ? string.Create(CultureInfo.InvariantCulture, $"{text} (line {at.Groups[1]}, column {at.Groups[2]})") : text);
    }

    /// <summary>The script met a wall of the sandbox.</summary>
    public static ScriptException Stopped(WasmtimeException stop, ScriptLimits limits) => (stop as TrapException)?.Type switch
    {
        TrapCode.Interrupt => new(string.Create(CultureInfo.InvariantCulture, $"The script took longer than {limits.Time.TotalSeconds:0.###} s")),
        TrapCode.StackOverflow => new(Recursion),
        _ => new("The script's engine stopped: " + stop.Message.Split('\n')[0]),
    };

    public static void Require(int bytes, int most, string what)
    {
        if (bytes > most)
            throw new ScriptException(string.Create(CultureInfo.InvariantCulture, $"The {what} has {bytes:N0} bytes; {most:N0} are allowed"));
    }

    [GeneratedRegex(@"script:(\d+):(\d+)", RegexOptions.NonBacktracking)]
    private static partial Regex Position();
}
