using Xunit.v3;

namespace Conductor.Engines;

/// <summary>Needs a real engine (a database, a broker). <c>./test integration</c> runs these.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class IntegrationAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("tier", "integration")];
}

/// <summary>Runs the real processes. <c>./test e2e</c> runs these.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class EndToEndAttribute : Attribute, ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("tier", "e2e")];
}
