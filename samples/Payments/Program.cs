using Conductor.Payments;
using Conductor.ServiceDefaults.Messaging;
using Conductor.Worker;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.AddBus();
builder.Services.AddConductorWorkers(workers => workers.UseBus().AddFrom<PaymentTasks>());

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
