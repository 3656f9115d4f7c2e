namespace Aspire.Hosting.ApplicationModel;

/// <summary>Lets a callback set environment variables when the resource is about to start.</summary>
public class EnvironmentCallbackContext
{
    /// <summary>Makes a context for one resource.</summary>
    public EnvironmentCallbackContext(DistributedApplicationExecutionContext executionContext, IResource resource,
        Dictionary<string, object>? environmentVariables = null, CancellationToken cancellationToken = default) =>
        (ExecutionContext, Resource, EnvironmentVariables, CancellationToken) = (executionContext, resource, environmentVariables ?? [], cancellationToken);

    /// <summary>How the application runs.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The resource that starts.</summary>
    public IResource Resource { get; }

    /// <summary>The variables: strings, or values that are resolved later.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; }

    /// <summary>Gives up.</summary>
    public CancellationToken CancellationToken { get; }
}

/// <summary>Sets environment variables when the resource is about to start.</summary>
public class EnvironmentCallbackAnnotation : IResourceAnnotation
{
    /// <summary>Runs an asynchronous callback.</summary>
    public EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) => Callback = callback;

    /// <summary>Runs a callback.</summary>
    public EnvironmentCallbackAnnotation(Action<EnvironmentCallbackContext> callback) =>
        Callback = context => { callback(context); return Task.CompletedTask; };

    /// <summary>The callback.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; }
}

/// <summary>Lets a callback add command line arguments when the resource is about to start.</summary>
/// <param name="args">Receives them.</param>
/// <param name="cancellationToken">Gives up.</param>
public sealed class CommandLineArgsCallbackContext(IList<object> args, CancellationToken cancellationToken = default)
{
    /// <summary>The arguments: strings, or values that are resolved later.</summary>
    public IList<object> Args { get; } = args;

    /// <summary>Gives up.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>Adds command line arguments when the resource is about to start.</summary>
public class CommandLineArgsCallbackAnnotation : IResourceAnnotation
{
    /// <summary>Runs an asynchronous callback.</summary>
    public CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback) => Callback = callback;

    /// <summary>The callback.</summary>
    public Func<CommandLineArgsCallbackContext, Task> Callback { get; }
}
