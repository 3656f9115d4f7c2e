using System.Diagnostics;
using System.Globalization;

namespace Conductor.Hosting.Engines;

/// <summary>How a private RabbitMQ and its epmd are called: command, environment, configuration.</summary>
internal static class RabbitMqProgram
{
    private const string Scripts = "/usr/lib/rabbitmq/bin";

    public static bool IsInstalled { get; } = File.Exists(Path.Combine(Scripts, "rabbitmq-server"));

    public static string Configuration(int port, string password) => $"""
        listeners.tcp.1 = 127.0.0.1:{port}
        default_user = guest
        default_pass = {password}
        loopback_users.guest = true
        log.console = true
        log.console.level = warning
        log.file = false
        log.connection.level = error
        vm_memory_high_watermark.absolute = 1GB
        disk_free_limit.absolute = 50MB
        queue_master_locator = client-local
        """;

    public static ProcessStartInfo Epmd(int port) => EngineProcess.Command("rabbitmq", "epmd", "-address", "127.0.0.1", "-port", Text(port));

    public static ProcessStartInfo Broker(string folder, int epmdPort, int distributionPort)
    {
        var start = EngineProcess.Command("rabbitmq", Path.Combine(Scripts, "rabbitmq-server"));
        start.WorkingDirectory = folder;
        start.Environment.Clear();
        foreach (var (name, value) in Environment(folder, epmdPort, distributionPort)) start.Environment[name] = value;
        return start;
    }

    private static Dictionary<string, string?> Environment(string folder, int epmdPort, int distributionPort) => new(StringComparer.Ordinal)
    {
        ["PATH"] = System.Environment.GetEnvironmentVariable("PATH"),
        ["HOME"] = folder,
        ["LANG"] = "C.UTF-8",
        // The name is part of the data's path, so it does not change with the port; the private epmd keeps it apart from other brokers.
        ["RABBITMQ_NODENAME"] = "conductor@localhost",
        // The start script then becomes the broker instead of waiting for it, so that the process id is the broker's.
        ["RUNNING_UNDER_SYSTEMD"] = "true",
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
        ["RABBITMQ_PLUGINS_DIR"] = Path.Combine(folder, "applications"),
        ["RABBITMQ_DIST_PORT"] = Text(distributionPort),
        ["RABBITMQ_CTL_ERL_ARGS"] = "",
        // No busy waiting: an idle broker should cost nothing.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-start_epmd false +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
        ["ERL_EPMD_PORT"] = Text(epmdPort),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
