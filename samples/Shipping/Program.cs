using Conductor.Shipping;
using Conductor.Worker;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddConductorWorkers(workers => workers.AddFrom<ShippingTasks>());

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
