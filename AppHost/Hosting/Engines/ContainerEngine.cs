using Microsoft.Extensions.Configuration;

namespace Conductor.Hosting.Engines;

/// <summary>Whether engines run as containers: <c>engines=container</c>, or <c>engines:NAME=container</c> for one of them.</summary>
internal static class ContainerEngine
{
    public static bool IsAskedFor(IConfiguration configuration, string name) =>
        (configuration[$"engines:{name}"] ?? configuration["engines"]) is "container";

    /// <exception cref="EngineException">No container engine answers.</exception>
    public static async Task EnsureAnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await EngineProcess.RunAsync(EngineProcess.Command(user: null, "docker", "version", "--format", "{{.Server.Version}}"), cancellationToken);
        }
        catch (Exception e) when (e is EngineException or System.ComponentModel.Win32Exception)
        {
            throw new EngineException("No container engine answers (docker version)", e);
        }
    }
}
