using Conductor.Demo;
using Conductor.Demo.Alerts;
using Conductor.Demo.Checkout;

var builder = WebApplication.CreateSlimBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddSingleton<Perseverance>();
builder.Services.AddCheckouts();
builder.Services.AddAlerts();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
