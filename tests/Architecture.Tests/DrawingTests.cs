using System.Runtime.CompilerServices;

namespace Conductor.Architecture.Tests;

public sealed class DrawingTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../.."));

    [Fact]
    public void The_drawing_shows_exactly_the_project_references() =>
        Rules.Violations(Solution.Read(Root), Drawing.Read(File.ReadAllText(Path.Combine(Root, "docs/architecture.md")))).ShouldBeEmpty();

    [Fact]
    public void A_planted_reference_is_found()
    {
        var solution = Solution.Read(Root);
        var console = solution.Projects["Console"];
        var planted = new Solution(
            new Dictionary<string, Project>(solution.Projects) { ["Console"] = console with { References = [.. console.References, "Postgres"] } });
        Rules.Violations(planted, ReadDrawing()).ShouldBe(["not drawn: Console --> Postgres"]);
    }

    [Fact]
    public void A_planted_arrow_is_found()
    {
        var drawing = ReadDrawing();
        Rules.Violations(Solution.Read(Root), drawing with { Arrows = [.. drawing.Arrows, "Domain --> Postgres"] })
            .ShouldBe(["drawn, but no reference: Domain --> Postgres"]);
    }

    [Fact]
    public void A_planted_package_in_the_domain_is_found()
    {
        var solution = Solution.Read(Root);
        var planted = new Solution(
            new Dictionary<string, Project>(solution.Projects) { ["Domain"] = solution.Projects["Domain"] with { Packages = ["Npgsql"] } });
        Rules.Violations(planted, ReadDrawing()).ShouldBe(["Domain must stay pure, but references Npgsql"]);
    }

    [Fact]
    public void A_project_that_is_not_drawn_is_found()
    {
        var solution = Solution.Read(Root);
        var planted = new Solution(new Dictionary<string, Project>(solution.Projects) { ["Stray"] = new Project("Stray", [], []) });
        Rules.Violations(planted, ReadDrawing()).ShouldBe(["not drawn: Stray"]);
    }

    [Fact]
    public void A_wrong_root_is_an_error_instead_of_a_silent_pass() =>
        Should.Throw<DirectoryNotFoundException>(() => Solution.Read(Path.Combine(Root, "docs")));

    private static Drawing ReadDrawing() => Drawing.Read(File.ReadAllText(Path.Combine(Root, "docs/architecture.md")));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
