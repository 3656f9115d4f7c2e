namespace Conductor.AppHost.Tests.Resolution;

public sealed class ReferenceExpressionTests
{
    [Fact]
    public async Task Holes_are_filled_and_braces_of_the_text_stay()
    {
        var builder = DistributedApplication.CreateBuilder();
        var user = builder.AddParameter("user", "ada");
        var expression = ReferenceExpression.Create($"{{{user}}}@{"home"}");
        (await expression.GetValueAsync(TestContext.Current.CancellationToken)).ShouldBe("{ada}@home");
        expression.ValueExpression.ShouldBe("{{user.value}}@home");
    }

    [Fact]
    public async Task A_missing_value_makes_the_whole_missing()
    {
        var builder = DistributedApplication.CreateBuilder(["--KAFKA_HOME", "/nowhere"]);
        IResourceWithConnectionString kafka = builder.AddKafka("kafka").Resource;
        (await ReferenceExpression.Create($"kafka://{kafka}").GetValueAsync(TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task A_parameter_without_a_value_says_how_to_give_one()
    {
        var parameter = DistributedApplication.CreateBuilder().AddParameter("licence").Resource;
        (await Should.ThrowAsync<DistributedApplicationException>(async () => await parameter.GetValueAsync(TestContext.Current.CancellationToken))).Message.ShouldContain("set Parameters:licence");
    }
}
