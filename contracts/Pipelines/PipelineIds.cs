using System.Security.Cryptography;
using System.Text;

namespace Conductor.Contracts.Pipelines;

/// <summary>The id under which the bus knows a pipeline: its name decides it, so that everybody can compute it.</summary>
public static class PipelineIds
{
    /// <summary>Id of a name: the first 16 bytes of the SHA-256 of its UTF-8.</summary>
    public static Guid Of(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
}
