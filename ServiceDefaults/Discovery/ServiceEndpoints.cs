using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace Conductor.ServiceDefaults.Discovery;

/// <summary>
/// Turns a logical address into a real one from <c>services:NAME:SCHEME:N</c>, the configuration that Aspire hands out:
/// <c>http://workflows</c>, <c>https+http://workflows</c> (the first scheme that is configured), <c>http://_admin.workflows</c> (a named endpoint).
/// Addresses take turns. A host that is not configured stays as it is.
/// </summary>
internal sealed class ServiceEndpoints(IConfiguration configuration)
{
    private readonly ConcurrentDictionary<string, StrongBox> _turns = new(StringComparer.OrdinalIgnoreCase);

    public Uri Resolve(Uri address)
    {
        var schemes = address.Scheme.Split('+');
        var (endpoint, service) = Split(address.Host);
        foreach (var key in endpoint is null ? schemes : [endpoint])
        {
            var urls = configuration.GetSection($"services:{service}:{key}").GetChildren()
                .Select(child => child.Value).Where(url => !string.IsNullOrEmpty(url)).ToArray();
            if (urls.Length > 0) return Combine(new Uri(urls[Turn(address.Authority + key) % urls.Length]!), address);
        }
        if (schemes.Length == 1) return address;
        // Nobody serves "https+http" itself: the first scheme is the preferred one.
        return new UriBuilder(address) { Scheme = schemes[0], Port = address.IsDefaultPort ? -1 : address.Port }.Uri;
    }

    private static (string? Endpoint, string Service) Split(string host)
    {
        var dot = host.IndexOf('.');
        return host.StartsWith('_') && dot > 1 ? (host[1..dot], host[(dot + 1)..]) : (null, host);
    }

    private static Uri Combine(Uri found, Uri asked) =>
        new UriBuilder(asked)
        {
            Scheme = found.Scheme,
            Host = found.Host,
            Port = found.Port,
            Path = found.AbsolutePath.TrimEnd('/') + asked.AbsolutePath,
        }.Uri;

    private int Turn(string key) => Interlocked.Increment(ref _turns.GetOrAdd(key, _ => new StrongBox()).Next) & int.MaxValue;

    private sealed class StrongBox
    {
        public int Next = -1;
    }
}
