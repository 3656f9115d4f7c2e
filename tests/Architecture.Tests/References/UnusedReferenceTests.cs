using Conductor.Architecture.Tests.Sources;

namespace Conductor.Architecture.Tests.References;

public sealed class UnusedReferenceTests
{
    [Fact]
    public void Every_project_uses_what_it_references() => Uses.Unused(ProjectSources.Read(SourceTree.Root, SourceTree.Files)).ShouldBeEmpty();

    [Fact]
    public void A_planted_reference_that_nothing_uses_is_found()
    {
        var projects = ProjectSources.Read(SourceTree.Root, SourceTree.Files).ToList();
        var files = projects.FindIndex(p => p.Name == "Files");
        projects[files] = projects[files] with { References = [.. projects[files].References, "Scripting"] };
        Uses.Unused(projects).ShouldContain("Files --> Scripting");
    }

    [Theory]
    [InlineData("using Conductor.B; class C(Thing thing);", true)]
    [InlineData("namespace Conductor.B.Tests; class C(Thing thing);", true)]
    [InlineData("namespace Conductor.A; class C(B.Thing thing);", true)]
    [InlineData("class C { string program = \"Conductor.B.dll\"; }", true)]
    [InlineData("using Conductor.B; class C(Other thing);", false)]
    [InlineData("class C(Thing thing);", false)]
    public void A_use_names_a_type_that_can_be_seen(string text, bool isUse)
    {
        var b = new ProjectSources("B", "b/", [], [], [new("b/Thing.cs", "namespace Conductor.B; public sealed class Thing;")]);
        var a = new ProjectSources("A", "a/", ["B"], [], [new("a/C.cs", text)]);
        Uses.Unused([a, b]).ShouldBe(isUse ? [] : ["A --> B"]);
    }
}
