using Conductor.Hosting.Composition;

namespace Conductor.AppHost.Tests.Composition;

public sealed class CommandLineTests
{
    [Fact]
    public void Options_become_configuration_in_each_of_their_forms()
    {
        var values = CommandLine.Parse(["--no-demo", "--data", "/tmp/x", "--port-offset=7", "--ConnectionStrings__rabbitmq=amqp://a=b"]).ToDictionary();
        values.ShouldBe(new Dictionary<string, string?>
        {
            ["no-demo"] = "true",
            ["data"] = "/tmp/x",
            ["port-offset"] = "7",
            ["ConnectionStrings:rabbitmq"] = "amqp://a=b",
        }, ignoreOrder: true);
    }

    [Fact]
    public void A_word_that_is_no_option_is_refused() =>
        Should.Throw<DistributedApplicationException>(() => CommandLine.Parse(["start"]).ToList()).Message.ShouldContain("'start' is not an option");
}
