using System.Text.RegularExpressions;

namespace Conductor.Domain.Recoverability.Grouping;

/// <summary>Reads .NET's stack traces.</summary>
public static partial class StackFrames
{
    private static readonly string[] Foreign =
        ["System.", "Microsoft.", "MassTransit.", "Npgsql.", "RabbitMQ.", "Confluent.", "Grpc.", "Newtonsoft.", "lambda_method", "Polly."];

    /// <summary>
    /// Type and method of the first frame that is not a library's, or of the first frame of all; null where there is none. Without parameters, lines and
    /// what the compiler makes of asynchronous methods: the same place in the source has the same name in each build.
    /// </summary>
    public static string? FirstOwn(string stackTrace)
    {
        string? first = null;
        foreach (var line in stackTrace.AsSpan().EnumerateLines())
        {
            if (NameIn(line) is not { } name) continue;
            if (!Foreign.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))) return name;
            first ??= name;
        }
        return first;
    }

    private static string? NameIn(ReadOnlySpan<char> line)
    {
        var frame = line.TrimStart();
        if (!frame.StartsWith("at ", StringComparison.Ordinal)) return null;
        frame = frame[3..];
        var end = frame.IndexOf('(');
        return end <= 0 ? null : Generated().Replace(frame[..end].ToString(), "$1").Replace('+', '.');
    }

    // Type.<Method>d__7.MoveNext, Type.<>c__DisplayClass1_0.<Method>b__2, Type.<<Method>g__Inner|0>d.MoveNext
    [GeneratedRegex(@"(?:<>c(?:__DisplayClass\d+_\d+)?[.+])?<+([\w.]+)>(?:[bdg]__[\w|]*(?:>d)?)?(?:\.MoveNext)?", RegexOptions.None, 100)]
    private static partial Regex Generated();
}
