using Conductor.Orders;
using Conductor.Worker;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddConductorWorkers(workers => workers.AddFrom<OrderTasks>());

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
