using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Conductor.Pipelines.Definitions;

/// <summary>
/// A mapping whose keys have to be asked for: <see cref="Finish"/> reports those that nobody asked for. A list of mappings, which
/// older files use for parameters, is read as one mapping.
/// </summary>
internal sealed class YamlMap
{
    private readonly YamlReading _reading;
    private readonly YamlNode _node;
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> _entries = [];
    private readonly List<string> _asked = [];

    private YamlMap(YamlReading reading, YamlNode node, string path) => (_reading, _node, Path) = (reading, node, path);

    public string Path { get; }

    public YamlNode Node => _node;

    public YamlReading Reading => _reading;

    /// <summary>Names in the order of the text; all of them count as asked for.</summary>
    public IEnumerable<(string Name, YamlNode Value)> Entries
    {
        get
        {
            _asked.AddRange(_entries.Keys);
            return _entries.Select(e => (e.Key, e.Value.Value));
        }
    }

    /// <summary>Reads a node as a mapping; null, with an error, when it is none.</summary>
    public static YamlMap? Of(YamlReading reading, YamlNode node, string path)
    {
        var map = new YamlMap(reading, node, path);
        reading.Mark(path, node);
        var parts = node is YamlSequenceNode list ? [.. list] : new List<YamlNode> { node };
        foreach (var part in parts)
        {
            if (part is YamlMappingNode mapping) map.Add(mapping);
            else if (part is not YamlScalarNode { Value: null or "" })
            {
                reading.Error(part, path, $"a mapping is expected{(path.Length == 0 ? "" : $" at '{path}'")}");
                return null;
            }
        }
        return map;
    }

    public string Below(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    /// <summary>The value under the first of these names that is there; the others are its other spellings.</summary>
    public YamlNode? Take(params ReadOnlySpan<string> names)
    {
        YamlNode? found = null;
        foreach (var name in names)
        {
            _asked.Add(name);
            if (!_entries.TryGetValue(name, out var entry)) continue;
            if (found is not null) _reading.Error(entry.Key, Below(name), $"'{name}' says what '{names[0]}' says already");
            found ??= entry.Value;
            _reading.Mark(Below(names[0]), entry.Value);
        }
        return found;
    }

    public string? Text(params ReadOnlySpan<string> names)
    {
        var node = Take(names);
        if (node is null) return null;
        if (node is YamlScalarNode { Value: { Length: > 0 } value }) return value;
        _reading.Error(node, Below(names[0]), $"'{names[0]}' is one text");
        return null;
    }

    public string Required(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_entries.ContainsKey(name)) return Text(names) ?? "";
        }
        _asked.AddRange(names);
        _reading.Error(_node, Below(names[0]), $"'{names[0]}' is needed");
        return "";
    }

    public int? Integer(string name) =>
        Parsed<int>(name, "a whole number", text => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null);

    public bool? Flag(string name) => Parsed<bool>(name, "true or false", text => text switch { "true" => true, "false" => false, _ => null });

    public TimeSpan? Duration(string name) => Parsed<TimeSpan>(name, "a duration such as 7d, 2h, 30s or 500ms, at most 36500d", Quantities.Duration);

    public long? Size(string name) => Parsed<long>(name, "a size such as 500MB or 2GiB, less than 8EiB", Quantities.Size);

    public YamlMap? Map(string name) => Take(name) is { } node ? Of(_reading, node, Below(name)) : null;

    /// <summary>Notes a key that older files have and that changes nothing here.</summary>
    public void Tolerate(string name, string why)
    {
        if (Take(name) is { } node) _reading.Warning(node, Below(name), why);
    }

    /// <summary>Reports the keys that nobody has asked for.</summary>
    public void Finish()
    {
        foreach (var (name, (key, _)) in _entries)
        {
            if (!_asked.Contains(name)) _reading.Error(key, Below(name), $"unknown key '{name}'; known here are {string.Join(", ", _asked.Distinct())}");
        }
    }

    private T? Parsed<T>(string name, string what, Func<string, T?> parse) where T : struct
    {
        if (Take(name) is not { } node) return null;
        if (node is YamlScalarNode { Value: { } text } && parse(text) is { } value) return value;
        _reading.Error(node, Below(name), $"'{name}' is {what}");
        return null;
    }

    private void Add(YamlMappingNode mapping)
    {
        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (name.Length == 0) _reading.Error(key, Path, "a key is a text");
            else if (!_entries.TryAdd(name, (key, value))) _reading.Error(key, Below(name), $"'{name}' stands here twice");
        }
    }
}
