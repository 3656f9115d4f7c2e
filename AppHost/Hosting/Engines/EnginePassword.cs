using System.Security.Cryptography;
using Conductor.Hosting.Processes;

namespace Conductor.Hosting.Engines;

/// <summary>The password of an engine, kept beside its data.</summary>
internal static class EnginePassword
{
    /// <summary>A new one: 128 random bits as hexadecimal digits.</summary>
    public static string Make() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Writes the wanted password, or a new one, to <paramref name="file"/>.</summary>
    public static void Write(string file, string? wanted) => OwnerOnlyFile.Write(file, wanted ?? Make());

    /// <summary>The password that <paramref name="file"/> holds.</summary>
    /// <exception cref="EngineException">Another one is wanted than the folder was made with.</exception>
    public static async Task<string> ReadAsync(string file, string? wanted, CancellationToken cancellationToken)
    {
        var known = await File.ReadAllTextAsync(file, cancellationToken);
        return wanted is null || wanted == known
            ? known
            : throw new EngineException($"{Path.GetDirectoryName(file)} was made with another password: give that one, or remove the folder");
    }
}
