namespace Conductor.AppHost.Tests.Resolution;

public sealed class ConnectionStringReferenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_broker_is_given_as_connection_string_and_in_parts()
    {
        var builder = Builder();
        var rabbitmq = builder.AddRabbitMQ("event-bus", password: builder.AddParameter("pw", "a b/c", secret: true), port: 20001);
        var app = builder.AddExecutable("app", "true", "/").WithReference(rabbitmq);
        var variables = await Resolved.VariablesAsync(builder, app.Resource);
        variables["ConnectionStrings__event-bus"].ShouldBe("amqp://guest:a%20b%2Fc@127.0.0.1:20001");
        variables["EVENT_BUS_HOST"].ShouldBe("127.0.0.1");
        variables["EVENT_BUS_PORT"].ShouldBe("20001");
        variables["EVENT_BUS_USERNAME"].ShouldBe("guest");
        variables["EVENT_BUS_PASSWORD"].ShouldBe("a b/c");
        variables["EVENT_BUS_URI"].ShouldBe("amqp://guest:a%20b%2Fc@127.0.0.1:20001");
    }

    [Fact]
    public async Task A_database_is_given_under_the_name_that_the_reference_says()
    {
        var builder = Builder();
        var database = builder.AddPostgres("postgres", password: builder.AddParameter("pw", "secret", secret: true), port: 20002).AddDatabase("orders-db", "orders");
        var app = builder.AddExecutable("app", "true", "/").WithReference(database, connectionName: "main");
        var variables = await Resolved.VariablesAsync(builder, app.Resource);
        variables["ConnectionStrings__main"].ShouldBe("Host=127.0.0.1;Port=20002;Username=postgres;Password=secret;Database=orders");
        variables["MAIN_DATABASENAME"].ShouldBe("orders");
        variables["MAIN_URI"].ShouldBe("postgresql://postgres:secret@127.0.0.1:20002/orders");
        variables["MAIN_JDBCCONNECTIONSTRING"].ShouldBe("jdbc:postgresql://127.0.0.1:20002/orders");
    }

    [Fact]
    public async Task A_server_that_configuration_names_takes_the_place_of_a_private_one()
    {
        var builder = Builder("--ConnectionStrings:rabbitmq", "amqp://me:p%40ss@broker:5673", "--ConnectionStrings:postgres", "Host=db;Port=5433;Username=me;Password=pw");
        var rabbitmq = builder.AddRabbitMQ("rabbitmq");
        var database = builder.AddPostgres("postgres").AddDatabase("orders");
        var app = builder.AddExecutable("app", "true", "/").WithReference(rabbitmq).WithReference(database);
        var variables = await Resolved.VariablesAsync(builder, app.Resource);
        variables["ConnectionStrings__rabbitmq"].ShouldBe("amqp://me:p%40ss@broker:5673");
        variables["RABBITMQ_HOST"].ShouldBe("broker");
        variables["RABBITMQ_PASSWORD"].ShouldBe("p@ss");
        variables["ConnectionStrings__orders"].ShouldBe("Host=db;Port=5433;Username=me;Password=pw;Database=orders");
        variables["ORDERS_HOST"].ShouldBe("db");
        variables["ORDERS_PORT"].ShouldBe("5433");
    }

    [Fact]
    public async Task Kafka_without_a_distribution_leaves_no_variables_behind_where_it_is_optional()
    {
        var builder = Builder("--KAFKA_HOME", "/nowhere");
        var kafka = builder.AddKafka("kafka");
        var app = builder.AddExecutable("app", "true", "/").WithReference(kafka, optional: true);
        (await Resolved.VariablesAsync(builder, app.Resource)).Keys.ShouldNotContain(k => k.Contains("kafka", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Kafka_without_a_distribution_is_an_error_where_it_is_needed()
    {
        var builder = Builder("--KAFKA_HOME", "/nowhere");
        var app = builder.AddExecutable("app", "true", "/").WithReference(builder.AddKafka("kafka"));
        (await Should.ThrowAsync<DistributedApplicationException>(() => Resolved.VariablesAsync(builder, app.Resource))).Message.ShouldContain("'kafka' is not available");
    }

    [Fact]
    public async Task A_connection_string_from_configuration_may_have_a_variable_of_its_own()
    {
        var builder = Builder("--ConnectionStrings:mail=smtp://x");
        var app = builder.AddExecutable("app", "true", "/").WithReference(builder.AddConnectionString("mail", "MAIL_SERVER"));
        (await Resolved.VariablesAsync(builder, app.Resource))["MAIL_SERVER"].ShouldBe("smtp://x");
    }

    [Fact]
    public async Task Values_that_hold_a_secret_are_known_as_such()
    {
        var builder = Builder();
        var secret = builder.AddParameter("key", "k", secret: true);
        var plain = builder.AddParameter("region", "eu");
        var app = builder.AddExecutable("app", "true", "/").WithReference(builder.AddRabbitMQ("rabbitmq"))
            .WithEnvironment("MIXED", $"{plain}-{secret}").WithEnvironment("REGION", plain).WithEnvironment("LOGIN_TOKEN", "t");
        var secrets = (await Resolved.AllAsync(builder, app.Resource)).ToDictionary(v => v.Name, v => v.IsSecret, StringComparer.Ordinal);
        secrets["MIXED"].ShouldBeTrue();
        secrets["LOGIN_TOKEN"].ShouldBeTrue();
        secrets["ConnectionStrings__rabbitmq"].ShouldBeTrue();
        secrets["RABBITMQ_URI"].ShouldBeTrue();
        secrets["REGION"].ShouldBeFalse();
        secrets["RABBITMQ_HOST"].ShouldBeFalse();
    }

    public void Dispose() => _folder.Dispose();

    private IDistributedApplicationBuilder Builder(params string[] arguments) => DistributedApplication.CreateBuilder(["--data", _folder.Path, .. arguments]);
}
