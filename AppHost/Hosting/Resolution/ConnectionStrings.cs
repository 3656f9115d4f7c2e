using System.Data.Common;
using Aspire.Hosting.ApplicationModel;

namespace Conductor.Hosting.Resolution;

/// <summary>Connection strings that were given by configuration in place of those of a private server.</summary>
internal static class ConnectionStrings
{
    public static ReferenceExpression? Redirected(IResource resource) =>
        resource.Annotations.OfType<ConnectionStringRedirectAnnotation>().LastOrDefault()?.Resource.ConnectionStringExpression;

    /// <summary>Parts of a <c>scheme://user:password@host:port</c> URI.</summary>
    public static IEnumerable<KeyValuePair<string, ReferenceExpression>> UriProperties(ReferenceExpression uri) =>
    [
        Part("Host", uri, u => new Uri(u).Host),
        Part("Port", uri, u => new Uri(u).Port is var port and >= 0 ? $"{port}" : "5672"),
        Part("Username", uri, u => UserInfo(u)[0]),
        Part("Password", uri, u => UserInfo(u) is [_, var password] ? password : ""),
        new("Uri", uri),
    ];

    /// <summary>Parts of a connection string in Npgsql's format.</summary>
    public static IEnumerable<KeyValuePair<string, ReferenceExpression>> NpgsqlProperties(ReferenceExpression text) =>
    [
        Part("Host", text, t => Value(t, "Host", "localhost")),
        Part("Port", text, t => Value(t, "Port", "5432")),
        Part("Username", text, t => Value(t, "Username", "postgres")),
        Part("Password", text, t => Value(t, "Password", "")),
        Part("DatabaseName", text, t => Value(t, "Database", "")),
    ];

    private static KeyValuePair<string, ReferenceExpression> Part(string name, ReferenceExpression whole, Func<string, string> part) =>
        new(name, ReferenceExpression.Create($"{new Derived(whole, part)}"));

    private static string[] UserInfo(string uri) => [.. new Uri(uri).UserInfo.Split(':', 2).Select(Uri.UnescapeDataString)];

    private static string Value(string text, string key, string otherwise) =>
        new DbConnectionStringBuilder { ConnectionString = text }.TryGetValue(key, out var value) ? $"{value}" : otherwise;
}

/// <summary>A value that is computed from another one.</summary>
internal class Derived(IValueProvider whole, Func<string, string> part) : IValueProvider, IManifestExpressionProvider, IValueWithReferences
{
    public string ValueExpression => ((IManifestExpressionProvider)whole).ValueExpression;

    public IEnumerable<object> References => [whole];

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        await whole.GetValueAsync(cancellationToken) is { } value ? part(value) : null;
}

/// <summary>A value as part of a URI.</summary>
internal sealed class UriEncoded(IValueProvider value) : Derived(value, Uri.EscapeDataString);

/// <summary>The resource cannot run here, and nothing waits for it.</summary>
internal sealed record UnavailableAnnotation(string Why) : IResourceAnnotation;
