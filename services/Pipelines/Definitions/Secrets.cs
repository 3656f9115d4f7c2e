using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Conductor.Pipelines.Definitions;

/// <summary>A definition is stored and shown: it may refer to a secret, but never hold one.</summary>
internal static partial class Secrets
{
    public static void Check(YamlReading reading, YamlNode node, string path)
    {
        if (node is YamlSequenceNode list)
        {
            foreach (var item in list) Check(reading, item, path);
        }
        if (node is not YamlMappingNode mapping) return;
        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            var below = path.Length == 0 ? name : $"{path}.{name}";
            if (value is YamlScalarNode { Value: { } text } && SecretKey().IsMatch(name) && !Reference().IsMatch(text))
                reading.Error(value, below, $"'{name}' holds a secret: write a reference such as ${{secret:{name.ToLowerInvariant()}}} instead of the value");
            Check(reading, value, below);
        }
    }

    [GeneratedRegex("password|passwd|secret|token|credential|api-?key", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex SecretKey();

    [GeneratedRegex(@"^\$\{secret:[A-Za-z0-9._-]{1,100}\}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Reference();
}
