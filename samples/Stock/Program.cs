using Conductor.Stock;
using Conductor.ServiceDefaults.Messaging;
using Conductor.Worker;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.AddBus();
builder.Services.AddConductorWorkers(workers => workers.UseBus().AddFrom<StockTasks>());

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
