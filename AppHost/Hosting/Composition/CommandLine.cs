using Aspire.Hosting;

namespace Conductor.Hosting.Composition;

/// <summary>Turns arguments into configuration: <c>--name value</c>, <c>--name=value</c>, or <c>--name</c> alone for true.</summary>
internal static class CommandLine
{
    public static IEnumerable<KeyValuePair<string, string?>> Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
                throw new DistributedApplicationException($"'{arguments[i]}' is not an option: options start with --");
            var (name, value) = Split(arguments[i][2..]);
            if (value is null && i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal)) value = arguments[++i];
            values[name.Replace("__", ":", StringComparison.Ordinal)] = value ?? "true";
        }
        return values;
    }

    private static (string Name, string? Value) Split(string option) => option.IndexOf('=') is var at and >= 0 ? (option[..at], option[(at + 1)..]) : (option, null);
}
