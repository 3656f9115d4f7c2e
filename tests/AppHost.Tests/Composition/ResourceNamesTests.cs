namespace Conductor.AppHost.Tests.Composition;

public sealed class ResourceNamesTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("orders-api")]
    [InlineData("Orders2")]
    public void Letters_digits_and_single_hyphens_make_a_name(string name) =>
        DistributedApplication.CreateBuilder().AddExecutable(name, "true", "/").Resource.Name.ShouldBe(name);

    [Theory]
    [InlineData("", "1 to 64 characters")]
    [InlineData("a23456789a123456789a123456789a123456789a123456789a123456789a12345", "1 to 64 characters")]
    [InlineData("1st", "start with a letter")]
    [InlineData("-a", "start with a letter")]
    [InlineData("orders_api", "only ASCII letters")]
    [InlineData("órders", "only ASCII letters")]
    [InlineData("a--b", "two hyphens")]
    [InlineData("a-", "end with a hyphen")]
    public void Other_names_are_refused_with_the_reason(string name, string reason) =>
        Should.Throw<DistributedApplicationException>(() => DistributedApplication.CreateBuilder().AddExecutable(name, "true", "/")).Message.ShouldContain(reason);

    [Fact]
    public void A_name_is_taken_once_whatever_its_letter_case()
    {
        var builder = DistributedApplication.CreateBuilder();
        builder.AddExecutable("orders", "true", "/");
        Should.Throw<DistributedApplicationException>(() => builder.AddParameter("Orders", "x")).Message.ShouldContain("already a resource 'Orders'");
    }
}
