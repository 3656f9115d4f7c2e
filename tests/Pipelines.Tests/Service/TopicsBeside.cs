using Conductor.Engines;
using Conductor.Postgres.Streams;
using Conductor.RabbitMqStreams;
using Npgsql;

namespace Conductor.Pipelines.Tests.Service;

/// <summary>The topics of a service, as somebody beside it writes and reads them.</summary>
internal sealed class TopicsBeside : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    public TopicsBeside(PipelineService service, RabbitMqServer rabbitMq)
    {
        _source = NpgsqlDataSource.Create(service.Database);
        Broker = new(new RabbitMqStreamOptions { Address = new Uri(rabbitMq.ConnectionString) }, new PostgresTopicStore(_source, StreamTables.DefaultSchema),
            new PostgresGroupStore(_source, StreamTables.DefaultSchema), TimeProvider.System);
    }

    public RabbitMqStreamBroker Broker { get; }

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        await _source.DisposeAsync();
    }
}
