using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Conductor.Hosting.Resolution;

/// <summary>Runs the callbacks of a resource and resolves what they left behind.</summary>
internal sealed class EnvironmentResolver(DistributedApplicationExecutionContext executionContext, ProjectEnvironment projects)
{
    /// <summary>The variables of one replica. What the AppHost says wins over what a project gets by default.</summary>
    public async Task<IReadOnlyList<ResolvedVariable>> VariablesAsync(IResource resource, int replica, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(executionContext, resource, cancellationToken: cancellationToken);
        projects.AddDefaults(context.EnvironmentVariables, resource, replica);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList()) await annotation.Callback(context);
        projects.AddLaunchProfile(context.EnvironmentVariables, resource);

        var resolved = new List<ResolvedVariable>();
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            // An optional value that is missing leaves no variable behind.
            if (await ResolveAsync(value, cancellationToken) is { } text) resolved.Add(new(name, text, SecretValues.IsSecret(name, value)));
        }
        return resolved;
    }

    public static async Task<IReadOnlyList<string>> ArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToList()) await annotation.Callback(context);
        var arguments = new List<string>();
        foreach (var argument in context.Args)
        {
            if (await ResolveAsync(argument, cancellationToken) is { } text) arguments.Add(text);
        }
        return arguments;
    }

    private static async ValueTask<string?> ResolveAsync(object value, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(cancellationToken),
        IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider.GetValueAsync(cancellationToken),
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
