using System.Runtime.InteropServices;
using System.Text.Json;

namespace Conductor.Scripting.JsonPath;

/// <summary>
/// Follows a path and gathers what it finds, as Jayway's tokens do. With <c>mustFind</c>, which filters use to ask whether something exists,
/// a missing property ends it.
/// </summary>
internal sealed class PathWalk(ParsedPath path, bool mustFind, PathQueryRun run)
{
    private readonly List<JsonElement> _found = [];

    public IReadOnlyList<JsonElement> Found => _found;

    /// <summary>It met something missing that had to be there.</summary>
    public bool IsLost { get; private set; }

    public void Lose() => IsLost = mustFind;

    /// <summary>The result: for a definite path its last value or nothing.</summary>
    public JsonElement? Value() => path.IsDefinite || (path.IsFunction && _found.Count == 0)
        ? _found.Count > 0 ? _found[^1] : null
        : JsonValues.List(_found);

    /// <summary>Applies the token at an index, and those behind it, to a value.</summary>
    public void From(JsonElement value, int at)
    {
        run.Look();
        if (at == path.Tokens.Count)
        {
            run.Find(JsonMarshal.GetRawUtf8Value(value).Length);
            _found.Add(value);
        }
        else if (!IsLost) Apply(path.Tokens[at], value, at);
    }

    /// <summary>The token at an index has led to a value: goes on behind it.</summary>
    public void After(JsonElement value, int at) => From(value, at + 1);

    private void Apply(PathToken token, JsonElement value, int at)
    {
        switch (token)
        {
            case PropertyToken properties: Properties(properties, value, at); break;
            case IndexToken or SliceToken: Items(token, value, at); break;
            case WildcardToken: Children(value, child => After(child, at)); break;
            case FilterToken filter: Filter(filter, value, at); break;
            case ScanToken: Scan(value, at); break;
            case FunctionToken function: Function(function, value, at); break;
        }
    }

    private void Properties(PropertyToken token, JsonElement value, int at)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            if (path.IsDefiniteBefore(at)) Lose();
            return;
        }
        LookUp(value, token.Names);
        var isOneValue = token.Names.Count > 1 && path.IsLeaf(at);
        if (isOneValue && token.Names.All(name => !mustFind || value.TryGetProperty(name, out _))) After(JsonValues.Picked(value, token.Names), at);
        else if (isOneValue) Lose();
        else foreach (var name in token.Names)
            if (value.TryGetProperty(name, out var property)) After(property, at);
            else Lose();
    }

    private void Items(PathToken token, JsonElement value, int at)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            if (path.IsDefiniteBefore(at)) Lose();
            return;
        }
        foreach (var item in token is IndexToken indices ? Picked(value, indices) : Cut(value, (SliceToken)token)) After(item, at);
    }

    // To come to an item is to pass those before it.
    private IEnumerable<JsonElement> Picked(JsonElement list, IndexToken token)
    {
        var length = list.GetArrayLength();
        foreach (var index in token.Indices)
        {
            run.Look(length / 16);
            var effective = index < 0 ? length + index : index;
            if (effective >= 0 && effective < length) yield return list[effective];
        }
    }

    /// <summary>With both ends Jayway takes a negative start as it is, item by item: those at the end, then those at the beginning.</summary>
    private IEnumerable<JsonElement> Cut(JsonElement list, SliceToken slice)
    {
        var length = list.GetArrayLength();
        run.Look(length / 16);
        var (from, to) = slice switch
        {
            { From: { } start, To: { } end } => (Math.Max(start, -length), Math.Min(end, length)),
            { From: { } start } => (Math.Max(0, start < 0 ? length + start : start), length),
            _ => (0, Math.Min(length, slice.To < 0 ? length + slice.To!.Value : slice.To!.Value)),
        };
        var atEnd = from < 0 ? list.EnumerateArray().Skip(length + from).Take(Math.Min(to, 0) - from) : [];
        return atEnd.Concat(list.EnumerateArray().Skip(from).Take(to - Math.Max(from, 0)));
    }

    private static void Children(JsonElement value, Action<JsonElement> take)
    {
        if (value.ValueKind == JsonValueKind.Object) foreach (var property in value.EnumerateObject()) take(property.Value);
        else if (value.ValueKind == JsonValueKind.Array) foreach (var item in value.EnumerateArray()) take(item);
    }

    private void Filter(FilterToken token, JsonElement value, int at)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
                if (token.Filter.Holds(item, run)) After(item, at);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            if (token.Filter.Holds(value, run)) After(value, at);
        }
        else if (path.IsDefiniteBefore(at)) throw new PathFailedException("A filter cannot be applied to a single value");
    }

    private void Scan(JsonElement value, int at)
    {
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) || path.IsLeaf(at)) return;
        run.Look();
        if (IsScanned(value, at + 1)) Apply(path.Tokens[at + 1], value, at + 1);
        Children(value, child => Scan(child, at));
    }

    /// <summary>Whether the token behind the <c>..</c> is applied at this level.</summary>
    private bool IsScanned(JsonElement value, int at) => path.Tokens[at] switch
    {
        PropertyToken { Names: var names } => value.ValueKind == JsonValueKind.Object && (!path.IsDefiniteToken(at) || HasAll(value, names)),
        IndexToken or SliceToken => value.ValueKind == JsonValueKind.Array,
        WildcardToken => true,
        FilterToken filter => value.ValueKind == JsonValueKind.Object && filter.Filter.Holds(value, run),
        _ => false,
    };

    private bool HasAll(JsonElement value, IReadOnlyList<string> names)
    {
        LookUp(value, names);
        return names.All(name => value.TryGetProperty(name, out _));
    }

    // To come to a property is to pass others.
    private void LookUp(JsonElement value, IReadOnlyList<string> names) => run.Look(names.Count * (long)value.GetPropertyCount() / 16);

    private void Function(FunctionToken token, JsonElement value, int at)
    {
        var arguments = token.Arguments.Select(argument => argument.Operand(value, run).Value).ToList();
        run.Look(arguments.Append(value).Sum(JsonValues.Length) / 64);
        var result = PathFunctions.Apply(token.Name, value, arguments);
        run.Find(JsonMarshal.GetRawUtf8Value(result).Length);
        _found.Add(result);
        if (!path.IsLeaf(at)) After(result, at);
    }
}
