using Conductor.Hosting.Resolution;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.AppHost.Tests.Resolution;

/// <summary>The variables and arguments that a resource would get.</summary>
internal static class Resolved
{
    public static async Task<IReadOnlyDictionary<string, string>> VariablesAsync(IDistributedApplicationBuilder builder, IResource resource, int replica = 0) =>
        (await AllAsync(builder, resource, replica)).ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);

    public static async Task<IReadOnlyList<ResolvedVariable>> AllAsync(IDistributedApplicationBuilder builder, IResource resource, int replica = 0)
    {
        EndpointAllocator.Allocate(builder.Resources);
        await using var app = builder.Build();
        return await app.Services.GetRequiredService<EnvironmentResolver>().VariablesAsync(resource, replica, TestContext.Current.CancellationToken);
    }
}
