using Conductor.Orders;
using Conductor.ServiceDefaults.Messaging;
using Conductor.Worker;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.AddBus();
builder.Services.AddConductorWorkers(workers => workers.UseBus().AddFrom<OrderTasks>());

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
