namespace Conductor.Domain.Avro.Fields;

/// <summary>The wanted paths as a tree: a node per field name.</summary>
internal sealed class WantedFields
{
    private readonly Dictionary<string, WantedFields> _children = [];

    /// <summary>Index of the path that ends here, or -1.</summary>
    public int Slot { get; private set; } = -1;

    public bool HasChildren => _children.Count > 0;

    public WantedFields? Child(string name) => _children.GetValueOrDefault(name);

    public static WantedFields Of(IReadOnlyList<string> paths)
    {
        var root = new WantedFields();
        for (var i = 0; i < paths.Count; i++)
        {
            var node = root;
            foreach (var name in paths[i].Split('.')) node = node.ChildOrNew(name);
            if (node.Slot >= 0) throw new ArgumentException($"\"{paths[i]}\" is asked for twice", nameof(paths));
            node.Slot = i;
        }

        return root;
    }

    private WantedFields ChildOrNew(string name)
    {
        if (_children.TryGetValue(name, out var child)) return child;
        return _children[name] = new WantedFields();
    }
}
