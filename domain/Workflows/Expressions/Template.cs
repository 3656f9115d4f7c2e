using System.Text.Json;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>A JSON value with expressions in its strings, compiled.</summary>
internal abstract class Template
{
    /// <summary>Adds every expression in it.</summary>
    public abstract void Collect(ICollection<Expression> expressions);

    public abstract void Write(Utf8JsonWriter writer, Scope scope);

    public static Template Compile(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Compile(TextTemplate.Parse(value.GetString()!)),
        JsonValueKind.Object => new ObjectTemplate(
            [.. value.EnumerateObject().Select(property => new TemplateProperty(property.Name, Compile(property.Value), null))]),
        JsonValueKind.Array => new ListTemplate([.. value.EnumerateArray().Select(Compile)]),
        _ => new ConstantTemplate(value),
    };

    private static Template Compile(TextTemplate text) => text switch
    {
        { Constant: { } constant } => new ConstantTemplate(JsonText.Of(constant)),
        { Single: { } single } => new ExpressionTemplate(single),
        _ => new StringTemplate(text),
    };
}

internal sealed class ConstantTemplate(JsonElement value) : Template
{
    public bool IsNull => value.IsNothing();
    public override void Collect(ICollection<Expression> expressions) { }
    public override void Write(Utf8JsonWriter writer, Scope scope) => value.WriteTo(writer);
}

internal sealed class ExpressionTemplate(Expression expression) : Template
{
    public JsonElement? Resolve(Scope scope) => expression.Resolve(scope);
    public override void Collect(ICollection<Expression> expressions) => expressions.Add(expression);

    public override void Write(Utf8JsonWriter writer, Scope scope)
    {
        if (Resolve(scope) is { } value) value.WriteTo(writer);
        else writer.WriteNullValue();
        JsonText.CheckSize(writer);
    }
}

internal sealed class StringTemplate(TextTemplate text) : Template
{
    public override void Write(Utf8JsonWriter writer, Scope scope)
    {
        writer.WriteStringValue(text.Resolve(scope));
        JsonText.CheckSize(writer);
    }

    public override void Collect(ICollection<Expression> expressions)
    {
        foreach (var expression in text.Expressions) expressions.Add(expression);
    }
}

internal sealed class ListTemplate(Template[] items) : Template
{
    public override void Collect(ICollection<Expression> expressions)
    {
        foreach (var item in items) item.Collect(expressions);
    }

    public override void Write(Utf8JsonWriter writer, Scope scope)
    {
        writer.WriteStartArray();
        foreach (var item in items) item.Write(writer, scope);
        writer.WriteEndArray();
    }
}
