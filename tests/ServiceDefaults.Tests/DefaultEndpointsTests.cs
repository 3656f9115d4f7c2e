using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace Conductor.ServiceDefaults.Tests;

public sealed class DefaultEndpointsTests
{
    [Fact]
    public async Task The_OpenAPI_document_holds_the_services_own_routes_and_Swagger_shows_it()
    {
        await using var service = await TestService.StartAsync(map: app => app.MapGet("/orders/{id}", (int id) => id));
        var document = await service.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json", TestContext.Current.CancellationToken);
        var paths = document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToArray();
        paths.ShouldBe(["/orders/{id}"]);
        var page = await service.Client.GetStringAsync("/swagger/index.html", TestContext.Current.CancellationToken);
        page.ShouldContain("swagger-ui");
    }

    [Fact]
    public async Task A_service_that_is_told_no_address_listens_on_loopback_only()
    {
        await using var service = await TestService.StartAsync();
        service.App.Urls.ShouldAllBe(url => new Uri(url).Host == "127.0.0.1");
        service.App.Urls.ShouldNotBeEmpty();
    }
}
