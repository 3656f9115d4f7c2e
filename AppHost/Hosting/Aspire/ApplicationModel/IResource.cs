using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the application: a project, an executable, an engine, a value.</summary>
public interface IResource
{
    /// <summary>Unique name, which is also the key of its connection string or of its service discovery entries.</summary>
    string Name { get; }

    /// <summary>What the AppHost said about the resource.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>Marks something that can be said about a resource.</summary>
public interface IResourceAnnotation;

/// <summary>The annotations of one resource, in the order in which they were added.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>A resource with a name and annotations.</summary>
/// <param name="name">1 to 64 ASCII letters, digits and hyphens; starts with a letter; no double or trailing hyphen.</param>
public abstract class Resource(string name) : IResource
{
    /// <inheritdoc />
    public virtual string Name { get; } = name;

    /// <inheritdoc />
    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}

/// <summary>What happens to an annotation of the same type that is already there.</summary>
public enum ResourceAnnotationMutationBehavior
{
    /// <summary>It stays.</summary>
    Append,

    /// <summary>It goes.</summary>
    Replace,
}
