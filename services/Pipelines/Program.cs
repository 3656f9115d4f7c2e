using Conductor.Pipelines;
using Conductor.Pipelines.Api;
using Conductor.ServiceDefaults.Changes;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPipelines();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapChangeFeed();
app.MapPipelines();
app.MapTopics();
app.Run();
