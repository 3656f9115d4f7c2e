using System.Globalization;
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
    public void The_path_of_a_message_names_as_many_files_as_it_says()
    {
        var section = Readme[Readme.IndexOf("## Follow one message", StringComparison.Ordinal)..Readme.IndexOf("## Recipes", StringComparison.Ordinal)];
        var files = Links(section).ToList();
        files.ShouldBeUnique();
        files.Count.ShouldBe(int.Parse(Count().Match(section).Groups[1].Value, CultureInfo.InvariantCulture));
    }

    private static IEnumerable<string> Missing(string markdown) => Links(markdown).Where(link => !Path.Exists(Path.Combine(Root, link)));

    private static IEnumerable<string> Links(string markdown) =>
        Link().Matches(markdown).Select(m => m.Groups[1].Value.Split('#')[0]).Where(l => l.Length > 0 && !l.Contains("://", StringComparison.Ordinal));

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"passes (\d+) files", RegexOptions.None, 1000)]
    private static partial Regex Count();
}
