using Conductor.AppHost.Composition;
using Conductor.AppHost.Engines;
using Microsoft.Extensions.Configuration;

var builder = PlatformBuilder.Create(args);
var offset = builder.Configuration.GetValue("port-offset", 0);
var demo = !builder.Configuration.GetValue("no-demo", false);

// Its services wait for the broker by themselves, so that they start while it does: it takes the longest.
var rabbitmq = builder.AddRabbitMq("rabbitmq");
var kafka = builder.AddKafka("kafka");
var postgres = builder.AddPostgres("postgres");
var workflowsDatabase = postgres.AddDatabase("workflows");
var pipelinesDatabase = postgres.AddDatabase("pipelines");

var workflows = builder.AddService<Projects.Workflows>("workflows", 8080 + offset)
    .WithExternalHttpEndpoints()
    .WithReference(workflowsDatabase, connectionName: "workflows").WaitFor(workflowsDatabase)
    .WithReference(pipelinesDatabase, connectionName: "streams").WaitFor(pipelinesDatabase)
    .WithReference(rabbitmq).WaitForStart(rabbitmq)
    .WithEnvironment("Retention__Folder", builder.DataPath("archive"));

var pipelines = builder.AddService<Projects.Pipelines>("pipelines", 8082 + offset)
    .WithExternalHttpEndpoints()
    .WithReference(pipelinesDatabase, connectionName: "pipelines").WaitFor(pipelinesDatabase)
    .WithReference(rabbitmq).WaitForStart(rabbitmq)
    .WithEnvironment("PIPELINES__DATAFOLDER", builder.DataPath("pipelines"));
if (kafka is not null)
    foreach (var service in new[] { workflows, pipelines }) service.WithReference(kafka).WaitFor(kafka);
Configure(workflows, "Retention", "Events", "Kafka");
Configure(pipelines, "Pipelines:Folders", "Pipelines:Broker", "Events", "Kafka");

var token = builder.AddKeptSecret("console-login-token");
var console = builder.AddService<Projects.Console>("console", 8090 + offset)
    .WithReference(workflows)
    .WithReference(pipelines)
    .WithEnvironment("CONSOLE__LOGINTOKEN", token)
    .WithEnvironment("CONSOLE__KEYS", builder.DataPath("secrets/console-keys"))
    .WithEnvironment("DASHBOARD__URL", builder.DashboardLink());
console.AddPage(ReferenceExpression.Create($"{console.GetEndpoint("http")}/login?token={token}"));

if (demo)
{
    AddWorker<Projects.Orders>("orders");
    AddWorker<Projects.Payments>("payments");
    AddWorker<Projects.Stock>("stock");
    AddWorker<Projects.Shipping>("shipping");
    builder.AddService<Projects.Demo>("demo")
        .WithReference(rabbitmq)
        .WithReference(workflows).WaitFor(workflows)
        .WithReference(pipelines).WaitFor(pipelines)
        .WithParentRelationship(workflows)
        .WithEnvironment("DEMO__ALERTS", builder.Configuration["alerts"]);
}

return await builder.RunPlatformAsync();

void AddWorker<TProject>(string name)
    where TProject : IProjectMetadata, new() => builder.AddService<TProject>(name)
    .WithReference(rabbitmq)
    .WithReference(workflows).WaitFor(workflows)
    .WithParentRelationship(workflows);

void Configure(IResourceBuilder<ProjectResource> service, params string[] sections)
{
    var settings = sections.SelectMany(section => builder.Configuration.GetSection(section).AsEnumerable());
    foreach (var setting in settings.Where(setting => setting.Value is not null))
        service.WithEnvironment(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value);
}
