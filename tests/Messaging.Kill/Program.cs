// Consumes transfers with inbox, outbox and timers until somebody kills it. ConnectionStrings__ledger and ConnectionStrings__rabbitmq say where.
using Conductor.Messaging.Kill;
using Conductor.Postgres.Outbox;
using Conductor.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddDbContext<LedgerDb>(db => db.UseNpgsql(builder.Configuration.GetConnectionString("ledger")));
builder.Services.AddSingleton(TimeProvider.System);
builder.AddBus(
    x =>
    {
        x.AddPostgresOutbox<LedgerDb>(o => (o.ConnectionName, o.Schema, o.Lease) = ("ledger", "app", TimeSpan.FromSeconds(5)));
        x.AddConfigureEndpointsCallback((context, _, endpoint) =>
        {
            (endpoint.PrefetchCount, endpoint.ConcurrentMessageLimit) = (32, 8);
            endpoint.UsePostgresOutbox<LedgerDb>(context);
        });
        x.AddConsumer<TransferConsumer>();
        x.AddConsumer<TransferredConsumer>();
        x.AddConsumer<TransferReviewedConsumer>();
    },
    (_, bus) => bus.UsePostgresOutages(),
    options =>
    {
        (options.Retries, options.RetryInterval) = (2, TimeSpan.FromMilliseconds(10));
        options.Redeliveries = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];
        options.Scheduler = (context, bus) => bus.UsePostgresTimers(context);
    });
await builder.Build().RunAsync();
