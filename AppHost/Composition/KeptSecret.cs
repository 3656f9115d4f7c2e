using Aspire.Hosting.Publishing;

namespace Conductor.AppHost.Composition;

/// <summary>Secrets that are made up once per data folder; Aspire's own way is once per user.</summary>
internal static class KeptSecretExtensions
{
    /// <summary>A secret parameter, unless <c>Parameters:NAME</c> gives it.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="file">Its file under the data folder; <c>secrets/NAME</c> when null.</param>
    public static IResourceBuilder<ParameterResource> AddKeptSecret(this IDistributedApplicationBuilder builder, string name, string? file = null) =>
        builder.AddParameter(name, new KeptSecret(DataFolder.Of(builder.Configuration), file ?? $"secrets/{name}"), secret: true);

    private sealed class KeptSecret(DataFolder data, string file) : ParameterDefault
    {
        public override string GetDefaultValue() => data.Secret(file);

        public override void WriteToManifest(ManifestPublishingContext context) =>
            new GenerateParameterDefault { MinLength = 32, Special = false }.WriteToManifest(context);
    }
}
