using Conductor.Hosting.Composition;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>An application of several resources that start, run and stop together.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly WebApplication _host;

    internal DistributedApplication(WebApplication host) => _host = host;

    /// <inheritdoc />
    public IServiceProvider Services => _host.Services;

    /// <summary>Begins an application without arguments.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Begins an application.</summary>
    /// <param name="args">Become configuration: <c>--name value</c>, <c>--name=value</c>, or <c>--name</c> alone for true.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    /// <summary>Begins an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new AppHostBuilder(options);

    /// <summary>Runs until it is asked to stop (SIGTERM, Ctrl-C).</summary>
    public virtual void Run()
    {
        try
        {
            RunAsync().GetAwaiter().GetResult();
        }
        catch (DistributedApplicationException e)
        {
            // Somebody looks at the terminal; a stack trace would hide what to do.
            Console.Error.WriteLine(e.Message);
            Environment.ExitCode = 1;
        }
    }

    /// <summary>Runs until it is asked to stop (SIGTERM, Ctrl-C).</summary>
    public virtual Task RunAsync(CancellationToken cancellationToken = default) => HostingAbstractionsHostExtensions.RunAsync(this, cancellationToken);

    /// <inheritdoc />
    public virtual Task StartAsync(CancellationToken cancellationToken = default) => _host.StartAsync(cancellationToken);

    /// <inheritdoc />
    public virtual Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    /// <inheritdoc />
    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    public virtual async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>How an application is begun.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>Command line arguments.</summary>
    public string[]? Args { get; set; }

    /// <summary>Folder of the AppHost's project; the current folder when null.</summary>
    public string? ProjectDirectory { get; set; }
}

/// <summary>The application, or its description, is wrong; the message says what.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public DistributedApplicationException(string message) : base(message)
    {
    }

    /// <summary>Says what is wrong and what caused it.</summary>
    public DistributedApplicationException(string message, Exception inner) : base(message, inner)
    {
    }
}
