using System.Text.RegularExpressions;

namespace Conductor.Postgres;

/// <summary>
/// The name of a PostgreSQL schema, checked to be a plain lower-case identifier, so that it may stand in SQL as it is.
/// </summary>
public readonly partial record struct SchemaName
{
    private readonly string? _value;

    /// <summary>Checks a name.</summary>
    /// <exception cref="ArgumentException">The name is not <c>[a-z_][a-z0-9_]*</c> of at most 63 characters.</exception>
    public SchemaName(string value)
    {
        if (value is null || !Plain().IsMatch(value))
            throw new ArgumentException($"'{value}' is not a schema name: lower-case letters, digits and _ only, at most 63, no digit first");
        _value = value;
    }

    /// <summary>The name.</summary>
    public override string ToString() => _value ?? throw new InvalidOperationException("no schema was named");

    /// <summary>Checks a name, as the constructor does.</summary>
    public static implicit operator SchemaName(string value) => new(value);

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Plain();
}
