using Conductor.Operations;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddOperations();

var app = builder.Build();
app.MapOperations();
app.Run();
