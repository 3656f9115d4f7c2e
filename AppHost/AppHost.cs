using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
var offset = builder.Configuration.GetValue("port-offset", 0);
var demo = !builder.Configuration.GetValue("no-demo", false);

var token = builder.AddParameter("console-login-token", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
var resourcesKey = builder.AddParameter("resources-api-key", secret: true);

// Its services wait for the broker by themselves, so that they start while it does: it takes the longest.
var rabbitmq = builder.AddRabbitMQ("rabbitmq");
var kafka = builder.AddKafka("kafka");
var postgres = builder.AddPostgres("postgres");
var workflowsDatabase = postgres.AddDatabase("workflows-db", "workflows");
var pipelinesDatabase = postgres.AddDatabase("pipelines-db", "pipelines");

var workflows = builder.AddProject<Projects.Workflows>("workflows")
    .WithHttpEndpoint(port: 8080 + offset)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReference(workflowsDatabase, connectionName: "workflows").WaitFor(workflowsDatabase)
    .WithReference(rabbitmq).WaitForStart(rabbitmq);

var pipelines = builder.AddProject<Projects.Pipelines>("pipelines")
    .WithHttpEndpoint(port: 8082 + offset)
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/health")
    .WithReference(pipelinesDatabase, connectionName: "pipelines").WaitFor(pipelinesDatabase)
    .WithReference(rabbitmq).WaitForStart(rabbitmq)
    .WithReference(kafka, optional: true).WaitFor(kafka)
    .WithEnvironment("PIPELINES__DATAFOLDER", Path.GetFullPath(Path.Combine(builder.Configuration["data"] ?? ".data", "pipelines"), builder.AppHostDirectory));

var console = builder.AddProject<Projects.Console>("console")
    .WithHttpEndpoint(port: 8090 + offset)
    .WithHttpHealthCheck("/health")
    .WithReference(workflows)
    .WithReference(pipelines)
    .WithEnvironment("RESOURCES__URL", builder.Configuration["Resources:Url"])
    .WithEnvironment("RESOURCES__APIKEY", resourcesKey)
    .WithEnvironment("CONSOLE__LOGINTOKEN", token);
console.WithUrl($"{console.GetEndpoint("http")}/login?token={token}");

if (demo)
{
    AddWorker<Projects.Orders>("orders");
    AddWorker<Projects.Payments>("payments");
    AddWorker<Projects.Stock>("stock");
    AddWorker<Projects.Shipping>("shipping");
    builder.AddProject<Projects.Demo>("demo")
        .WithHttpEndpoint()
        .WithHttpHealthCheck("/health")
        .WithReference(rabbitmq)
        .WithReference(workflows).WaitFor(workflows)
        .WithReference(pipelines).WaitFor(pipelines)
        .WithEnvironment("DEMO__ALERTS", builder.Configuration["alerts"]);
}

builder.Build().Run();

void AddWorker<TProject>(string name)
    where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithReference(rabbitmq)
    .WithReference(workflows).WaitFor(workflows)
    .WithParentRelationship(workflows);
