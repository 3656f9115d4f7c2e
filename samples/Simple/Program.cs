using Conductor.Simple;
using Conductor.Worker;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(SimpleTasks.Help);
    return 0;
}

var builder = WebApplication.CreateSlimBuilder();
if (args is ["--server", var server]) builder.Configuration["CONDUCTOR_SERVER_URL"] = server;
else if (args.Length > 0)
{
    Console.Error.WriteLine($"What is \"{string.Join(' ', args)}\"? See --help.");
    return 2;
}
builder.AddServiceDefaults();
builder.Services.AddConductorWorkers(workers => workers.AddFrom<SimpleTasks>());

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
return 0;
