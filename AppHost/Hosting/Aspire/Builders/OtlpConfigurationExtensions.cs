using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Says which resources send telemetry.</summary>
public static class OtlpConfigurationExtensions
{
    /// <summary>Gives the resource the <c>OTEL_</c> variables.</summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment => builder.WithAnnotation<OtlpExporterAnnotation>(ResourceAnnotationMutationBehavior.Replace);
}
