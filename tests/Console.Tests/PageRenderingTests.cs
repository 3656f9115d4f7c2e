using System.Net;
using Conductor.Console.Tests.Browser;

namespace Conductor.Console.Tests;

public sealed class PageRenderingTests(ConsoleUnderTest console) : IClassFixture<ConsoleUnderTest>
{
    public static TheoryData<string, string> Pages => PageTourTests.Pages;

    [Theory, MemberData(nameof(Pages))]
    public async Task A_page_is_rendered_by_the_server(string path, string heading)
    {
        using var client = await console.ClientAsync();
        var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        console.Errors.ShouldBeEmpty();
        console.Warnings.ShouldBeEmpty();
        answer.StatusCode.ShouldBe(heading.StartsWith("No", StringComparison.Ordinal) ? HttpStatusCode.NotFound : HttpStatusCode.OK);
        html.ShouldContain($"<h1>{heading}</h1>");
        html.ShouldContain($"<title>{heading} · Conductor</title>");
    }
}
