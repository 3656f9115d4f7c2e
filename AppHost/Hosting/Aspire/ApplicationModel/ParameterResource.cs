using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that comes from configuration (<c>Parameters:name</c>) or from a default.</summary>
/// <param name="name">Name.</param>
/// <param name="callback">Gives the value; receives the default, where there is one.</param>
/// <param name="secret">Whether the value is never shown.</param>
public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false) : Resource(name), IManifestExpressionProvider, IValueProvider
{
    private string? _value;

    /// <summary>Whether the value is never shown.</summary>
    public bool Secret { get; } = secret;

    /// <summary>The value where none is configured.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>What the parameter is for.</summary>
    public string? Description { get; set; }

    /// <inheritdoc />
    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>The value; it is asked for once.</summary>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<string?>(_value ??= callback(Default));
}

/// <summary>Gives a parameter's value where none is configured.</summary>
public abstract class ParameterDefault
{
    /// <summary>The value.</summary>
    public abstract string GetDefaultValue();
}

/// <summary>Makes up a value at random.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    /// <summary>How long the value is.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Whether it has lower case letters.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether it has upper case letters.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether it has digits.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether it has punctuation.</summary>
    public bool Special { get; set; } = true;

    /// <inheritdoc />
    public override string GetDefaultValue()
    {
        var letters = (Lower ? "abcdefghijkmnopqrstuvwxyz" : "") + (Upper ? "ABCDEFGHJKLMNPQRSTUVWXYZ" : "") +
            (Numeric ? "123456789" : "") + (Special ? "-_.{}~()*+!" : "");
        return RandomNumberGenerator.GetString(letters, MinLength);
    }
}
