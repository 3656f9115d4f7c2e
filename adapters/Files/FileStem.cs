using System.Security.Cryptography;
using System.Text;

namespace Conductor.Files;

/// <summary>Beginnings of file names that are made of other names.</summary>
internal static class FileStem
{
    private const int Longest = 160;

    /// <summary>A stem that file systems take.</summary>
    /// <param name="stem">Already escaped.</param>
    public static string Fitted(string stem) =>
        // File systems stop at 255 bytes; a long name keeps its beginning and is told apart by a digest.
        stem.Length <= Longest
            ? stem
            : $"{stem[..(Longest - 17)]}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stem)))[..16]}";
}
