using Conductor.Console.Clients.Resources;

namespace Conductor.Console.Resources;

internal static class ResourceOrder
{
    /// <summary>Children (databases of a server) directly below their parent, otherwise as the AppHost lists them.</summary>
    public static IEnumerable<Resource> ByParent(IReadOnlyList<Resource> all)
    {
        var names = all.Select(resource => resource.Name).ToHashSet(StringComparer.Ordinal);
        var children = all.Where(resource => resource.Parent is { } parent && names.Contains(parent)).ToLookup(resource => resource.Parent!, StringComparer.Ordinal);
        return all.Where(resource => resource.Parent is null || !names.Contains(resource.Parent)).SelectMany(resource => children[resource.Name].Prepend(resource));
    }
}
