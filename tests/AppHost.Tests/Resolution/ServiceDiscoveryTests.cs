using System.Text.RegularExpressions;

namespace Conductor.AppHost.Tests.Resolution;

public sealed class ServiceDiscoveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_project_is_given_by_scheme_for_web_endpoints_and_by_name_for_others()
    {
        var builder = Builder();
        var orders = Project(builder, "orders-api").WithHttpEndpoint(port: 20011).WithEndpoint(port: 20012, scheme: "tcp", name: "feed").WithHttpEndpoint(port: 20013, name: "admin");
        var app = builder.AddExecutable("app", "true", "/").WithReference(orders);
        var variables = await Resolved.VariablesAsync(builder, app.Resource);
        variables["services__orders-api__http__0"].ShouldBe("http://127.0.0.1:20011");
        variables["services__orders-api__feed__0"].ShouldBe("tcp://127.0.0.1:20012");
        variables["services__orders-api__admin__0"].ShouldBe("http://127.0.0.1:20013");
        variables["ORDERS_API_HTTP"].ShouldBe("http://127.0.0.1:20011");
        variables["ORDERS_API_FEED"].ShouldBe("tcp://127.0.0.1:20012");
    }

    [Fact]
    public async Task A_second_reference_to_the_same_endpoint_adds_nothing_and_another_endpoint_gets_the_next_index()
    {
        var builder = Builder();
        var orders = Project(builder, "orders").WithHttpEndpoint(port: 20021);
        var app = builder.AddExecutable("app", "true", "/").WithEnvironment("services__orders__http__0", "http://elsewhere").WithReference(orders).WithReference(orders.GetEndpoint("http"));
        var variables = await Resolved.VariablesAsync(builder, app.Resource);
        variables["services__orders__http__0"].ShouldBe("http://elsewhere");
        variables["services__orders__http__1"].ShouldBe("http://127.0.0.1:20021");
        variables.Keys.ShouldNotContain("services__orders__http__2");
    }

    [Fact]
    public async Task A_service_outside_is_given_by_its_address()
    {
        var builder = Builder();
        var app = builder.AddExecutable("app", "true", "/").WithReference("tiles", new Uri("https://tiles.example.org/"));
        (await Resolved.VariablesAsync(builder, app.Resource))["services__tiles__default__0"].ShouldBe("https://tiles.example.org/");
    }

    [Fact]
    public async Task Two_resources_may_refer_to_each_other_through_their_endpoints()
    {
        var builder = Builder();
        var a = builder.AddExecutable("a", "true", "/").WithHttpEndpoint(port: 20031);
        var b = builder.AddExecutable("b", "true", "/").WithHttpEndpoint(port: 20032).WithEnvironment("A", a.GetEndpoint("http"));
        a.WithEnvironment("B", $"{b.GetEndpoint("http")}/v1");
        (await Resolved.VariablesAsync(builder, a.Resource))["B"].ShouldBe("http://127.0.0.1:20032/v1");
    }

    [Fact]
    public async Task A_project_is_told_its_addresses_and_how_to_report()
    {
        var builder = Builder("--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318");
        var orders = Project(builder, "orders").WithHttpEndpoint(port: 20041).WithHttpEndpoint(port: 20042, name: "admin", env: "ADMIN_PORT").WithEnvironment("OTEL_METRIC_EXPORT_INTERVAL", "5");
        var variables = await Resolved.VariablesAsync(builder, orders.Resource);
        variables["ASPNETCORE_URLS"].ShouldBe("http://127.0.0.1:20041;http://127.0.0.1:20042");
        variables["ADMIN_PORT"].ShouldBe("20042");
        variables["OTEL_SERVICE_NAME"].ShouldBe("orders");
        variables["OTEL_RESOURCE_ATTRIBUTES"].ShouldBe("service.instance.id=orders-0");
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"].ShouldBe("http://127.0.0.1:4318");
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"].ShouldBe("http/protobuf");
        variables["OTEL_METRIC_EXPORT_INTERVAL"].ShouldBe("5");
    }

    [Fact]
    public async Task Each_replica_listens_on_a_port_of_its_own_behind_the_public_one()
    {
        var builder = Builder();
        var orders = Project(builder, "orders").WithHttpEndpoint(port: 20051).WithReplicas(3);
        var app = builder.AddExecutable("app", "true", "/").WithReference(orders);
        (await Resolved.VariablesAsync(builder, app.Resource))["services__orders__http__0"].ShouldBe("http://127.0.0.1:20051");
        var ports = Enumerable.Range(0, 3).Select(i => Hosting.Resolution.ReplicaPorts.Of(orders.Resource)![orders.GetEndpoint("http").EndpointAnnotation, i]).ToList();
        ports.ShouldBeUnique();
        ports.ShouldNotContain(20051);
    }

    [Fact]
    public async Task A_launch_profile_gives_endpoints_and_the_variables_that_nobody_else_gave()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "Properties"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "Properties", "launchSettings.json"), """
            { "profiles": { "iis": { "commandName": "IISExpress" },
                            "dev": { "commandName": "Project", "applicationUrl": "http://localhost:20061", "environmentVariables": { "MODE": "dev", "COLOUR": "red" } } } }
            """, TestContext.Current.CancellationToken);
        var builder = Builder();
        var orders = builder.AddProject("orders", Path.Combine(_folder.Path, "Orders.csproj")).WithEnvironment("COLOUR", "blue");
        var variables = await Resolved.VariablesAsync(builder, orders.Resource);
        variables["ASPNETCORE_URLS"].ShouldBe("http://127.0.0.1:20061");
        variables["MODE"].ShouldBe("dev");
        variables["COLOUR"].ShouldBe("blue");
        variables["DOTNET_LAUNCH_PROFILE"].ShouldBe("dev");
    }

    [Fact]
    public void A_launch_profile_that_is_missing_is_an_error() =>
        Should.Throw<DistributedApplicationException>(() =>
        {
            Directory.CreateDirectory(Path.Combine(_folder.Path, "Properties"));
            File.WriteAllText(Path.Combine(_folder.Path, "Properties", "launchSettings.json"), """{ "profiles": {} }""");
            Builder().AddProject("orders", Path.Combine(_folder.Path, "Orders.csproj"), "prod");
        }).Message.ShouldMatch(Regex.Escape("no launch profile 'prod'"));

    public void Dispose() => _folder.Dispose();

    private IDistributedApplicationBuilder Builder(params string[] arguments) => DistributedApplication.CreateBuilder(["--data", _folder.Path, .. arguments]);

    private static IResourceBuilder<ProjectResource> Project(IDistributedApplicationBuilder builder, string name) =>
        builder.AddProject(name, $"/none/{name}.csproj", options => options.ExcludeLaunchProfile = true);
}
