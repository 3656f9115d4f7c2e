using Aspire.Hosting;

namespace Conductor.Hosting.Composition;

/// <summary>Aspire's rule for names of resources: they become host names, variables and folders.</summary>
internal static class ResourceNames
{
    private const int MaxLength = 64;

    public static void Validate(string name)
    {
        if (Problem(name) is { } problem) throw new DistributedApplicationException($"'{name}' is not a valid name of a resource: {problem}");
    }

    private static string? Problem(string name) => name switch
    {
        { Length: 0 or > MaxLength } => $"it must have 1 to {MaxLength} characters",
        _ when !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') => "it may hold only ASCII letters, digits and hyphens",
        _ when !char.IsAsciiLetter(name[0]) => "it must start with a letter",
        _ when name.Contains("--", StringComparison.Ordinal) => "it must not hold two hyphens in a row",
        _ when name.EndsWith('-') => "it must not end with a hyphen",
        _ => null,
    };
}
