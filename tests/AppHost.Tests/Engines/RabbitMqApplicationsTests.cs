using Conductor.Hosting.Engines;

namespace Conductor.AppHost.Tests.Engines;

public sealed class RabbitMqApplicationsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_broker_and_all_that_it_needs_are_linked_and_other_plugins_are_not()
    {
        Application("rabbit-3.10.8", "rabbit", "[kernel,stdlib,\n  rabbit_common,'ra']");
        Application("rabbit_common-3.10.8", "rabbit_common", "[kernel]");
        Application("ra-2.2.0", "ra", "[stdlib, aten, rabbit_common]");
        Application("aten-0.5.8", "aten", "[]");
        Application("rabbitmq_mqtt-3.10.8", "rabbitmq_mqtt", "[rabbit]");
        var links = RabbitMqApplications.Link(Path.Combine(_folder.Path, "links"), Path.Combine(_folder.Path, "plugins"));
        Directory.GetDirectories(links).Select(Path.GetFileName).ShouldBe(["rabbit-3.10.8", "rabbit_common-3.10.8", "ra-2.2.0", "aten-0.5.8"], ignoreOrder: true);
        File.Exists(Path.Combine(links, "ra-2.2.0", "ebin", "ra.app")).ShouldBeTrue();
    }

    public void Dispose() => _folder.Dispose();

    private void Application(string folder, string name, string needs)
    {
        var ebin = Directory.CreateDirectory(Path.Combine(_folder.Path, "plugins", folder, "ebin"));
        File.WriteAllText(Path.Combine(ebin.FullName, name + ".app"), $"{{application, {name}, [{{description, \"x\"}}, {{applications, {needs}}}, {{mod, {{{name}, []}}}}]}}.");
    }
}
