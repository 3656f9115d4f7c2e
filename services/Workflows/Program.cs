using Conductor.ServiceDefaults.Changes;
using Conductor.Workflows;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddWorkflows();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapChangeFeed("/events");
app.MapWorkflowsApi();
app.Run();
