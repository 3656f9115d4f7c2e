using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Composition;
using Conductor.Hosting.Engines;
using Conductor.Hosting.Logs;
using Conductor.Hosting.Processes;
using Conductor.Hosting.Resolution;
using Conductor.Hosting.Supervision;
using Microsoft.Extensions.Configuration;

namespace Conductor.Hosting.Launching;

/// <summary>Chooses how a resource is started.</summary>
internal sealed class Launchers(IConfiguration configuration, DataFolder data, EnvironmentResolver resolver, ResourceBoard board, LogStore logs, ProcessRecord record)
{
    public ILauncher For(IResource resource) => resource switch
    {
        _ when ConnectionStrings.Redirected(resource) is not null => new StandingLauncher(),
        ContainerResource container when ContainerEngine.IsAskedFor(configuration, container.Name) => Container(container),
        RabbitMQServerResource rabbitMq => new RabbitMqLauncher(rabbitMq, Context(rabbitMq)),
        PostgresServerResource postgres => new PostgresLauncher(postgres, Context(postgres)),
        KafkaServerResource kafka => new KafkaLauncher(kafka, configuration["KAFKA_HOME"]!, Context(kafka)),
        ContainerResource container => Container(container),
        PostgresDatabaseResource database => new DatabaseLauncher(database),
        ProjectResource or ExecutableResource => new ProcessLauncher(resource, resolver, board, logs[resource.Name], record),
        _ => new StandingLauncher(),
    };

    private EngineContext Context(IResource resource) => new(data.Engine(resource.Name),
        line => logs[resource.Name].Write(LogStream.Output, line), (id, stop) => record.Add(id, stop, resource.Name));

    private ContainerLauncher Container(ContainerResource container) =>
        new(container, $"conductor-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data.Path)))[..8]}", resolver, logs[container.Name], record);
}
