using Conductor.Kafka.Connections;

namespace Conductor.Kafka.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("sasl_password", "plain", "Kafka:Settings:sasl_password is a secret: write file:/path or env:NAME instead of the value")]
    [InlineData("ssl.key.password", "plain", "Kafka:Settings:ssl.key.password is a secret: write file:/path or env:NAME instead of the value")]
    [InlineData("sasl_password", "env:NO_SUCH_VARIABLE", "Kafka:Settings:sasl_password: there is no environment variable NO_SUCH_VARIABLE")]
    [InlineData("sasl_password", "file:/nowhere/at/all", "Kafka:Settings:sasl_password: Could not find a part of the path '/nowhere/at/all'.")]
    [InlineData("enable.auto.commit", "true", "Kafka:Settings:enable.auto.commit is not yours to set: correctness rests on it")]
    [InlineData("isolation_level", "read_uncommitted", "Kafka:Settings:isolation_level is not yours to set: correctness rests on it")]
    public void What_cannot_be_set_is_refused_by_name_and_without_its_value(string name, string value, string reason) =>
        Should.Throw<ArgumentException>(() => KafkaSettings.Read([new(name, value)])).Message.ShouldBe(reason);

    [Fact]
    public void Underscores_stand_for_dots_and_values_without_a_reference_are_taken_as_they_are() =>
        KafkaSettings.Read([new("security_protocol", "ssl"), new("client.rack", "a"), new("unset", null)])
            .ShouldBe(new Dictionary<string, string> { ["security.protocol"] = "ssl", ["client.rack"] = "a" }, ignoreOrder: true);
}
