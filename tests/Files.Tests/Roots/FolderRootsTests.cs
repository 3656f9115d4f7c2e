using Conductor.Files.Roots;

namespace Conductor.Files.Tests.Roots;

public sealed class FolderRootsTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly TemporaryFolder _other = new();
    private readonly TemporaryFolder _elsewhere = new();

    public void Dispose()
    {
        _home.Dispose();
        _other.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public void Only_the_home_and_the_named_folders_may_be_used()
    {
        var roots = new FolderRoots(_home.Path, "sources", [_other.Path]);
        foreach (var folder in new[] { "in", ".", _home["a/b/c"], _other.Path, _other["x"], $"{_elsewhere.Path}/../{Path.GetFileName(_other.Path)}" })
            roots.RefusalOf(folder).ShouldBeNull(folder);
        foreach (var folder in new[] { "/", "/etc", "..", "../x", "in/../../x", _other.Path + "x", _elsewhere.Path, "sources", "sources/p.n", "in/../sources" })
            roots.RefusalOf(folder).ShouldNotBeNull(folder);
        Should.Throw<UnauthorizedAccessException>(() => roots.Demand("/etc")).Message.ShouldContain("Pipelines:Folders");
        roots.Demand("in").ShouldBe(_home["in"]);
    }

    [Fact]
    public void Links_are_followed_wherever_they_lead()
    {
        Directory.CreateSymbolicLink(_home["out"], _elsewhere.Path);
        Directory.CreateSymbolicLink(_home["up"], "..");
        Directory.CreateSymbolicLink(_home["round"], _home["round"]);
        Directory.CreateSymbolicLink(_home["state"], "sources");
        Directory.CreateSymbolicLink(_home["good"], _other.Path);
        Directory.CreateSymbolicLink(_elsewhere["back"], _home.Path);
        var roots = new FolderRoots(_home.Path, "sources", [_other.Path]);
        foreach (var folder in new[] { "out", "out/deeper", "up", "up/x", "round", "round/x", "state", $"{_elsewhere["back"]}/sources" })
            roots.RefusalOf(folder).ShouldNotBeNull(folder);
        roots.RefusalOf("round").ShouldNotBeNull().ShouldContain("go round");
        roots.RefusalOf("good/new").ShouldBeNull();
        roots.RefusalOf($"{_elsewhere["back"]}/in").ShouldBeNull();
    }

    [Fact]
    public void A_root_may_be_a_link_itself()
    {
        Directory.CreateSymbolicLink(_home["link"], _other.Path);
        new FolderRoots(_home["link"], "sources", []).RefusalOf(_other["in"]).ShouldBeNull();
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a/b\0")]
    public void A_path_with_NUL_is_refused(string folder) => new FolderRoots(_home.Path, "sources", []).RefusalOf(folder).ShouldNotBeNull();

    [Fact]
    public void A_path_that_is_too_long_is_refused_or_taken_but_never_fails()
    {
        var roots = new FolderRoots(_home.Path, "sources", []);
        foreach (var folder in new[] { new string('x', 300), new string('x', 5000), string.Join('/', Enumerable.Repeat("x", 3000)) }) roots.RefusalOf(folder);
    }
}
