using Aspire.Hosting.ApplicationModel;

namespace Conductor.Hosting.Resolution;

/// <summary>Tells which values must not be shown: those that hold a secret parameter, and those whose name says so.</summary>
internal static class SecretValues
{
    private static readonly string[] Words = ["PASSWORD", "SECRET", "TOKEN", "APIKEY", "API_KEY", "CREDENTIAL", "CONNECTIONSTRINGS__"];

    public static bool IsSecret(string name, object value) =>
        Words.Any(w => name.Contains(w, StringComparison.OrdinalIgnoreCase)) || HoldsSecret(value);

    private static bool HoldsSecret(object value) => value switch
    {
        ParameterResource parameter => parameter.Secret,
        IResourceWithConnectionString resource => HoldsSecret(resource.ConnectionStringExpression),
        EndpointReference or string => false,
        IValueWithReferences references => references.References.Any(HoldsSecret),
        _ => false,
    };
}
