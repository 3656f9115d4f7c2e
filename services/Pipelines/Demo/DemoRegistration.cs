namespace Conductor.Pipelines.Demo;

/// <summary>Configuration section <c>Demo</c>.</summary>
internal sealed class DemoOptions
{
    /// <summary>Whether the demonstration pipeline is registered, started and fed.</summary>
    public bool Enabled { get; set; }

    /// <summary>Folder with real packets to replay, instead of alerts that the service makes up.</summary>
    public string? Alerts { get; set; }

    /// <summary>Alerts per second.</summary>
    public double PerSecond { get; set; } = 30;
}

internal static class DemoRegistration
{
    public static void AddDemo(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DemoOptions>().BindConfiguration("Demo");
        if (configuration.GetValue<bool>("Demo:Enabled")) services.AddHostedService<DemoFeed>();
    }
}
