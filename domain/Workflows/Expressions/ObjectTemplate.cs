using System.Text.Json;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>A property; <paramref name="Fallback"/> is written, as it is, when the value comes out as null.</summary>
internal sealed record TemplateProperty(string Name, Template Value, JsonElement? Fallback)
{
    public JsonEncodedText Key { get; } = JsonEncodedText.Encode(Name, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
}

/// <summary>A JSON object with expressions.</summary>
internal sealed class ObjectTemplate(TemplateProperty[] properties) : Template
{
    /// <summary>The parameters with the keys of <paramref name="defaults"/> that they lack; a null gives way to the default.</summary>
    public static ObjectTemplate Compile(IReadOnlyDictionary<string, JsonElement> parameters, IReadOnlyDictionary<string, JsonElement> defaults)
    {
        var own = parameters.Select(
            pair => new TemplateProperty(pair.Key, Template.Compile(pair.Value), defaults.TryGetValue(pair.Key, out var value) ? value : null));
        var added = defaults.Where(pair => !parameters.ContainsKey(pair.Key)).Select(
            pair => new TemplateProperty(pair.Key, Template.Compile(pair.Value), pair.Value));
        return new([.. own, .. added]);
    }

    public bool IsEmpty => properties.Length == 0;

    public JsonElement Resolve(Scope scope) =>
        IsEmpty ? JsonText.EmptyObject : JsonText.BuildBounded((this, scope), static (writer, state) => state.Item1.Write(writer, state.scope));

    public override void Collect(ICollection<Expression> expressions)
    {
        foreach (var property in properties) property.Value.Collect(expressions);
    }

    public override void Write(Utf8JsonWriter writer, Scope scope)
    {
        writer.WriteStartObject();
        foreach (var property in properties)
        {
            writer.WritePropertyName(property.Key);
            if (property.Fallback is { } fallback && IsNull(property.Value, scope)) fallback.WriteTo(writer);
            else property.Value.Write(writer, scope);
        }
        writer.WriteEndObject();
    }

    private static bool IsNull(Template value, Scope scope) => value switch
    {
        ConstantTemplate constant => constant.IsNull,
        ExpressionTemplate expression => expression.Resolve(scope) is not { } resolved || resolved.IsNothing(),
        _ => false,
    };
}
