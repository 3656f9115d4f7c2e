using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Conductor.Architecture.Tests;

public sealed partial class ReadmeTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../.."));
    private static readonly string Readme = File.ReadAllText(Path.Combine(Root, "README.md"));

    [Fact]
    public void Every_file_that_the_readme_links_is_there() => Missing(Readme).ShouldBeEmpty();

    [Fact]
    public void A_link_to_nothing_is_found() => Missing(Readme + "[a](docs/nothing.md)").ShouldBe(["docs/nothing.md"]);

    [Fact]
    public void A_message_is_followed_in_twelve_files_each_of_which_holds_the_call_that_it_goes_on_by()
    {
        var steps = Step().Matches(Readme).Select(m => (File: m.Groups["file"].Value, Calls: Code().Matches(m.Groups["calls"].Value))).ToList();
        steps.Select(s => s.File).ShouldBeUnique();
        steps.Count.ShouldBeInRange(1, 12);
        steps.SelectMany(s => s.Calls.Select(c => (s.File, Call: c.Groups[1].Value)))
            .Where(s => !File.ReadAllText(Path.Combine(Root, s.File)).Contains(s.Call, StringComparison.Ordinal)).ShouldBeEmpty();
        steps.ShouldAllBe(s => s.Calls.Count > 0);
    }

    private static IEnumerable<string> Missing(string markdown) => Links(markdown).Where(link => !Path.Exists(Path.Combine(Root, link)));

    private static IEnumerable<string> Links(string markdown) =>
        Link().Matches(markdown).Select(m => m.Groups[1].Value.Split('#')[0]).Where(l => l.Length > 0 && !l.Contains("://", StringComparison.Ordinal));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.None, 1000)]
    private static partial Regex Link();

    // A row of the table: | number | [Name](file) | what | calls |
    [GeneratedRegex(@"^\| \d+ \| \[\w+\]\((?<file>[^)]+)\) \| .* \| (?<calls>[^|]+) \|$", RegexOptions.Multiline, 1000)]
    private static partial Regex Step();

    [GeneratedRegex("`([^`]+)`", RegexOptions.None, 1000)]
    private static partial Regex Code();
}
