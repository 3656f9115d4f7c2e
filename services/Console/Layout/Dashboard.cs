namespace Conductor.Console.Layout;

/// <summary>
/// The Aspire dashboard, which shows processes, logs, traces and metrics. <see cref="Url"/> logs in there, so it is a secret; null where none runs.
/// </summary>
internal sealed record Dashboard(string? Url)
{
    public static Dashboard From(IConfiguration configuration) => configuration["Dashboard:Url"] switch
    {
        null or "" => new(Url: null),
        var url when Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" => new(url),
        _ => throw new InvalidOperationException("DASHBOARD__URL is not an absolute http or https address."),
    };
}
