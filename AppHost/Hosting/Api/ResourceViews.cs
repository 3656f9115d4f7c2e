using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Resolution;
using Conductor.Hosting.Supervision;

namespace Conductor.Hosting.Api;

/// <summary>Puts together what the API shows. The value of a secret is never part of it.</summary>
internal sealed class ResourceViews(DistributedApplicationModel model, ResourceBoard board)
{
    private const string Mask = "********";

    public IReadOnlyList<ResourceView> All() => [.. model.Resources.Select(View)];

    private ResourceView View(IResource resource)
    {
        var status = board[resource.Name];
        return new(resource.Name, Type(resource), status.State, status.Health?.ToString(), status.HealthProblem, status.ExitCode, status.Restarts,
            status.ProcessIds, status.StartedAt,
            [.. resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.AllocatedEndpoint is not null).Select(e => new EndpointView(e.Name, e.AllocatedEndpoint!.UriString))],
            [.. status.Variables.OrderBy(v => v.Name, StringComparer.Ordinal).Select(v => new VariableView(v.Name, v.IsSecret ? Mask : v.Value, v.IsSecret))],
            [.. Waiting.Of(resource).Select(w => w.Resource.Name)], Parent(resource));
    }

    private static string Type(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ExecutableResource => "Executable",
        RabbitMQServerResource => "RabbitMQ",
        PostgresServerResource => "PostgreSQL",
        PostgresDatabaseResource => "Database",
        KafkaServerResource => "Kafka",
        ContainerResource => "Container",
        ParameterResource => "Parameter",
        ConnectionStringResource => "ConnectionString",
        _ => resource.GetType().Name,
    };

    private static string? Parent(IResource resource) => resource is IResourceWithParent child
        ? child.Parent.Name
        : resource.Annotations.OfType<ResourceRelationshipAnnotation>().LastOrDefault(r => r.Type == "Parent")?.Resource.Name;
}
