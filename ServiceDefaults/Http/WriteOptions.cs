namespace Conductor.ServiceDefaults.Http;

/// <summary>Which writes (every method but GET, HEAD, OPTIONS and TRACE) a service takes.</summary>
public sealed class WriteOptions
{
    /// <summary>
    /// Media types of bodies. None is among those that a page of another site may send unasked (Fetch standard, CORS-safelisted request headers).
    /// Types that end in <c>+json</c> are taken where <c>application/json</c> is.
    /// </summary>
    public IList<string> BodyTypes { get; } = ["application/json", "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"];

    /// <summary>Origins (<c>https://host:port</c>) whose pages may write, besides the service's own: <c>AllowedOrigins</c>, separated by ';'.</summary>
    public IList<string> AllowedOrigins { get; } = [];
}
