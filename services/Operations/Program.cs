using Conductor.Operations;
using Conductor.Operations.Api;
using Conductor.ServiceDefaults.Changes;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddOperations();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapChangeFeed();
app.MapFailures();
app.MapRetries();
app.Run();
