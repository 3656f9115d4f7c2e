namespace Aspire.Hosting.ApplicationModel;

/// <summary>The image of a container.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>Name, without registry and tag.</summary>
    public required string Image { get; set; }

    /// <summary>Registry; the engine's default when null.</summary>
    public string? Registry { get; set; }

    /// <summary>Tag; <c>latest</c> when null.</summary>
    public string? Tag { get; set; }
}

/// <summary>How long a container, or the data of an engine, lives.</summary>
public enum ContainerLifetime
{
    /// <summary>As long as the application.</summary>
    Session,

    /// <summary>It stays when the application ends.</summary>
    Persistent,
}

/// <summary>How long the container lives.</summary>
public sealed class ContainerLifetimeAnnotation : IResourceAnnotation
{
    /// <summary>How long.</summary>
    public required ContainerLifetime Lifetime { get; set; }
}

/// <summary>What a mount is.</summary>
public enum ContainerMountType
{
    /// <summary>A folder of this machine.</summary>
    BindMount,

    /// <summary>A volume of the container engine.</summary>
    Volume,
}

/// <summary>A folder or volume inside a container.</summary>
/// <param name="source">Folder, or name of the volume.</param>
/// <param name="target">Where it is inside the container.</param>
/// <param name="type">Folder or volume.</param>
/// <param name="isReadOnly">Whether the container may write to it.</param>
public sealed class ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly) : IResourceAnnotation
{
    /// <summary>Folder, or name of the volume.</summary>
    public string? Source { get; } = source;

    /// <summary>Where it is inside the container.</summary>
    public string Target { get; } = target;

    /// <summary>Folder or volume.</summary>
    public ContainerMountType Type { get; } = type;

    /// <summary>Whether the container may only read it.</summary>
    public bool IsReadOnly { get; } = isReadOnly;
}
