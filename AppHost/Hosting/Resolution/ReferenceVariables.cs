using Aspire.Hosting.ApplicationModel;

namespace Conductor.Hosting.Resolution;

/// <summary>The variables by which a resource learns of another one; names and values as Aspire's hosts give them.</summary>
internal static class ReferenceVariables
{
    public static void AddConnectionString(Dictionary<string, object> variables, IResourceWithConnectionString source, string? connectionName, bool optional)
    {
        var name = connectionName ?? source.Name;
        variables[source.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}"] = new ConnectionStringReference(source, optional);
        foreach (var (property, value) in source.GetConnectionProperties()) variables[$"{Key(name)}_{Key(property)}"] = value;
    }

    public static void AddEndpoints(Dictionary<string, object> variables, IResourceWithEndpoints source)
    {
        foreach (var endpoint in source.Annotations.OfType<EndpointAnnotation>())
            AddEndpoint(variables, source.Name, endpoint, new EndpointReference(source, endpoint));
    }

    public static void AddEndpoint(Dictionary<string, object> variables, string name, EndpointAnnotation endpoint, EndpointReference reference)
    {
        // Endpoints named after a web scheme are found by scheme, all others by name.
        var key = endpoint.Name is "http" or "https" ? endpoint.UriScheme : endpoint.Name;
        var index = 0;
        while (variables.TryGetValue(Service(name, key, index), out var taken))
        {
            if (taken is EndpointReference other && ReferenceEquals(other.EndpointAnnotation, endpoint)) return;
            index++;
        }
        variables[Service(name, key, index)] = reference;
        variables[$"{Key(name)}_{Key(endpoint.Name)}"] = reference;
    }

    private static string Service(string name, string key, int index) => $"services__{name}__{key}__{index}";

    private static string Key(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}
