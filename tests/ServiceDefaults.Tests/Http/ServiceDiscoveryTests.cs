using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.ServiceDefaults.Tests.Http;

public sealed class ServiceDiscoveryTests
{
    [Fact]
    public async Task The_addresses_of_a_logical_name_take_turns()
    {
        await using var first = await TargetAsync("first");
        await using var second = await TargetAsync("second");
        await using var caller = await TestService.StartAsync(configuration: new()
        {
            ["services:workflows:http:0"] = first.App.Urls.First(),
            ["services:workflows:http:1"] = second.App.Urls.First(),
        });
        var answers = new List<string>();
        for (var i = 0; i < 4; i++) answers.Add(await AskAsync(caller, "http://workflows/api/x?y=1"));
        answers.Order().ShouldBe(["first /api/x?y=1", "first /api/x?y=1", "second /api/x?y=1", "second /api/x?y=1"]);
    }

    [Theory]
    [InlineData("http://_admin.workflows/x")]
    [InlineData("https+http://workflows/x")]
    [InlineData("http://workflows/x")]
    public async Task A_logical_address_becomes_the_configured_one(string asked)
    {
        await using var target = await TargetAsync("it");
        await using var caller = await TestService.StartAsync(configuration: new()
        {
            ["services:workflows:http:0"] = target.App.Urls.First(),
            ["services:workflows:admin:0"] = target.App.Urls.First(),
        });
        (await AskAsync(caller, asked)).ShouldBe("it /x");
    }

    [Fact]
    public async Task A_real_address_stays_as_it_is()
    {
        await using var target = await TargetAsync("it");
        await using var caller = await TestService.StartAsync();
        (await AskAsync(caller, target.App.Urls.First() + "/x")).ShouldBe("it /x");
    }

    private static Task<TestService> TargetAsync(string name) =>
        TestService.StartAsync(map: app => app.Map("/{**path}", (HttpRequest request) => $"{name} {request.Path}{request.QueryString}"));

    private static Task<string> AskAsync(TestService caller, string address) =>
        caller.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient().GetStringAsync(address, TestContext.Current.CancellationToken);
}
