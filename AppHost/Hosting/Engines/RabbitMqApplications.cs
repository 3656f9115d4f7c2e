using System.Text.RegularExpressions;

namespace Conductor.Hosting.Engines;

/// <summary>
/// The Erlang applications of the broker itself. An installation brings some 60 plugins besides; as long as their folders are on the code
/// path, each of the broker's 700 modules is looked for in all of them, which takes a third of the time that the broker needs to start.
/// </summary>
internal static partial class RabbitMqApplications
{
    private const string Broker = "rabbit";

    /// <summary>Fills a folder with links to the broker's applications, for RABBITMQ_PLUGINS_DIR. Returns it.</summary>
    /// <param name="folder">Is made anew.</param>
    /// <param name="installed">The <c>plugins</c> folder of an installation.</param>
    public static string Link(string folder, string installed)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (var application in Closure(installed))
            Directory.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(application)), application);
        return folder;
    }

    /// <summary>The newest installation's <c>plugins</c> folder.</summary>
    /// <exception cref="EngineException">There is none.</exception>
    public static string Installed() => Directory.EnumerateDirectories("/usr/lib/rabbitmq/lib", "rabbitmq_server-*").Order(StringComparer.Ordinal)
        .Select(d => Path.Combine(d, "plugins")).LastOrDefault(Directory.Exists) ?? throw new EngineException("RabbitMQ is installed without its applications");

    /// <summary>The folders (<c>name-version</c>) of the broker and of all applications that it needs, as their .app files say (OTP's app(4)).</summary>
    internal static IReadOnlyCollection<string> Closure(string installed)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var open = new Queue<string>([Broker]);
        while (open.TryDequeue(out var name))
        {
            // What is not here belongs to Erlang itself.
            if (found.ContainsKey(name) || Folder(installed, name) is not { } folder) continue;
            found.Add(name, folder);
            var description = File.ReadAllText(Path.Combine(folder, "ebin", name + ".app"));
            foreach (var needed in Applications().Match(description).Groups["names"].Value.Split(',', StringSplitOptions.TrimEntries)) open.Enqueue(needed.Trim('\''));
        }
        return found.Values;
    }

    private static string? Folder(string installed, string name) => name.Length == 0 ? null : Directory.EnumerateDirectories(installed, name + "-*")
        .FirstOrDefault(d => File.Exists(Path.Combine(d, "ebin", name + ".app")));

    [GeneratedRegex(@"\{\s*applications\s*,\s*\[(?<names>[^\]]*)\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Applications();
}
