namespace Aspire.Hosting.ApplicationModel;

/// <summary>Gives a value that is known only when the application runs.</summary>
public interface IValueProvider
{
    /// <summary>The value, or null where there is none.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>Can be written as an expression, without its value.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>For example <c>{orders.bindings.http.url}</c>.</summary>
    string ValueExpression { get; }
}

/// <summary>Names what its value depends on.</summary>
public interface IValueWithReferences
{
    /// <summary>Resources, endpoints or expressions.</summary>
    IEnumerable<object> References { get; }
}

/// <summary>The connection string of a resource, resolved when it is needed.</summary>
/// <param name="resource">Whose connection string.</param>
/// <param name="optional">Whether the value may be missing.</param>
public class ConnectionStringReference(IResourceWithConnectionString resource, bool optional) : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    /// <summary>Whose connection string.</summary>
    public IResourceWithConnectionString Resource { get; } = resource;

    /// <summary>Whether the value may be missing.</summary>
    public bool Optional { get; } = optional;

    string IManifestExpressionProvider.ValueExpression => Resource.ValueExpression;

    IEnumerable<object> IValueWithReferences.References => [Resource];

    async ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken)
    {
        var value = await Resource.GetConnectionStringAsync(cancellationToken);
        return !string.IsNullOrEmpty(value) || Optional
            ? value
            : throw new DistributedApplicationException($"The connection string of '{Resource.Name}' is not available");
    }
}
