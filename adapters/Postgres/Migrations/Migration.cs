using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Conductor.Postgres.Migrations;

/// <summary>One numbered SQL file (<c>0001_name.sql</c>), an embedded resource.</summary>
internal sealed partial record Migration(string Set, string Name, string Sql)
{
    /// <summary>SHA-256 of the text, whatever its line ends.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>The migrations of a resource folder, in order.</summary>
    /// <exception cref="MigrationException">There are none, one is misnamed, or two have the same number.</exception>
    public static IReadOnlyList<Migration> Read(Assembly assembly, string folder)
    {
        var migrations = assembly.GetManifestResourceNames()
            .Where(r => r.StartsWith(folder + "/", StringComparison.Ordinal) && r.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(r => new Migration(folder, r[(folder.Length + 1)..], Text(assembly, r)))
            .ToList();
        if (migrations.Count == 0)
            throw new MigrationException($"{assembly.GetName().Name} has no embedded resource {folder}/NNNN_name.sql");
        foreach (var odd in migrations.Where(m => !Numbered().IsMatch(m.Name)))
            throw new MigrationException($"{folder}/{odd.Name} is not named NNNN_name.sql");
        foreach (var twice in migrations.GroupBy(m => m.Name[..4], StringComparer.Ordinal).Where(g => g.Skip(1).Any()))
            throw new MigrationException($"{folder} has two migrations {twice.Key}: {string.Join(", ", twice.Select(m => m.Name))}");
        return migrations;
    }

    private static string Text(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("^[0-9]{4}_[a-z0-9_]+\\.sql$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Numbered();
}

/// <summary>The database's schema cannot be brought to what this version of the program needs; the message says why.</summary>
public sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
