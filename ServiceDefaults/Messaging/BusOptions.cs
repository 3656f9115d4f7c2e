using MassTransit;

namespace Conductor.ServiceDefaults.Messaging;

/// <summary>How a service's bus differs from the platform's conventions.</summary>
public sealed class BusOptions
{
    /// <summary>Repeats of a message at once, in memory, before it is put off. Default 3.</summary>
    public int Retries { get; set; } = 3;

    /// <summary>The first of these pauses; the next ones grow exponentially, with jitter. Default 100 ms.</summary>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a message is put off each time before it goes to the error queue. Default 5 s, 30 s, 2 min, 10 min.</summary>
    public IReadOnlyList<TimeSpan> Redeliveries { get; set; } =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)];

    /// <summary>
    /// Puts a durable scheduler into the bus (a <c>MessageSchedulerContext</c> on each consumed message); redelivery then uses it.
    /// Without one, messages that are put off wait in a queue of the broker, one for each endpoint and delay.
    /// </summary>
    public Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator>? Scheduler { get; set; }

    /// <summary>
    /// Tells a failure that comes of an outage: it uses up no repeat and no redelivery, for whatever is around the endpoints (the database
    /// adapter's pause) tries the message again until the outage is over. By default nothing is one.
    /// </summary>
    public Func<Exception, bool> IsOutage { get; set; } = _ => false;

    /// <summary>Endpoints (by queue name) that configure their own retry and redelivery; they still get quorum queues.</summary>
    public ISet<string> WithoutRetries { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Exceptions that no repeat will cure: straight to the error queue.</summary>
    public ISet<Type> Hopeless { get; } = new HashSet<Type> { typeof(ArgumentException), typeof(NotSupportedException) };
}
