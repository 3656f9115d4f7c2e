namespace Conductor.Pipelines.Runtime;

/// <summary>Configuration section <c>Pipelines</c>.</summary>
internal sealed class PipelineOptions
{
    /// <summary>Relative folders of definitions, and the service's own state, are below it.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>How long what a vanished process held stays reserved for it.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    public string Resolve(string folder) => Path.GetFullPath(folder, Path.GetFullPath(DataFolder));
}
