using System.Text;

namespace Conductor.Fuzzing;

/// <summary>Changes a sound YAML text line by line.</summary>
internal static class TextMutation
{
    public static byte[] Apply(Random random, string sample)
    {
        var lines = sample.Split('\n').ToList();
        for (var changes = random.Next(4); changes > 0 && lines.Count > 0; changes--)
        {
            var at = random.Next(lines.Count);
            var colon = lines[at].IndexOf(':', StringComparison.Ordinal);
            switch (random.Next(7))
            {
                case 0: lines.RemoveAt(at); break;
                case 1: lines.Insert(at, lines[at]); break;
                case 2: lines[at] = "  " + lines[at]; break;
                case 3: lines[at] = "&a [*a, *a]"; break;
                case 4: lines[at] += HostileValues.Nested(random); break;
                default: lines[at] = (colon < 0 ? lines[at] : lines[at][..colon]) + ": " + HostileValues.Json(random); break;
            }
        }
        return JsonMutation.Broken(random, Encoding.UTF8.GetBytes(string.Join('\n', lines)));
    }
}
