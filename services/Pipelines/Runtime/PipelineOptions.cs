using Conductor.Files.Roots;

namespace Conductor.Pipelines.Runtime;

/// <summary>Configuration section <c>Pipelines</c>.</summary>
internal sealed class PipelineOptions
{
    /// <summary>The folder below the data folder that is the service's own.</summary>
    public const string OwnFolder = "sources";

    /// <summary>Relative folders of definitions are below it, and the service's own state is in its folder <c>sources</c>.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>The broker of topics of which nothing else is said.</summary>
    public string Broker { get; set; } = "rabbitmq";

    /// <summary>How long what a vanished process held stays reserved for it.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>More folders that pipelines may read and write, all links followed; without it they may use the data folder alone.</summary>
    public IList<string> Folders { get; } = [];

    /// <summary>A packet has at most so many bytes; a file with a larger one is set aside.</summary>
    public int LargestPacketBytes { get; set; } = 16_000_000;

    /// <summary>Where pipelines may read and write.</summary>
    public FolderRoots Roots => new(DataFolder, OwnFolder, Folders);
}
