namespace Conductor.Recipes.Tests;

public sealed class RecipeFileTests
{
    [Fact]
    public void Comments_of_a_block_name_its_files_and_other_blocks_are_left_alone()
    {
        var files = RecipeFile.Read(
            "a\n```csharp\n<!-- a/b.csproj -->\n<Project />\n// a/b.cs\nvar x = 1; // a/c\n// why\n```\n"
            + "```bash\nls\n```\n```csharp\n-- a/1.sql\nSELECT;\n```\n");
        files.ShouldBe([new("a/b.csproj", null, "<Project />\n"), new("a/b.cs", null, "var x = 1; // a/c\n// why\n"), new("a/1.sql", null, "SELECT;\n")]);
    }

    [Fact]
    public void The_package_of_the_worker_library_shows_the_same_worker()
    {
        var package = BuiltRecipes.Document("workers/Worker/README.md");
        var worker = RecipeFile.Read(BuiltRecipes.Document("README.md"))
            .Where(file => file.Path.StartsWith("workers/", StringComparison.Ordinal) && file.Path.EndsWith(".cs", StringComparison.Ordinal)).ToList();
        worker.Count.ShouldBe(2);
        worker.ShouldAllBe(file => package.Contains(file.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_block_that_names_no_file_is_an_error() =>
        Should.Throw<FormatException>(() => RecipeFile.Read("```csharp\nvar x = 1;\n```\n")).Message.ShouldContain("var x = 1;");

    [Fact]
    public void Lines_go_before_the_line_that_they_name_which_must_be_there()
    {
        var root = Directory.CreateTempSubdirectory("conductor-recipe-").FullName;
        File.WriteAllText(Path.Combine(root, "a.cs"), "one\n  two\n");
        File.Move(Path.Combine(root, "a.cs"), Path.Combine(Directory.CreateDirectory(Path.Combine(root, "x")).FullName, "a.cs"));
        var file = RecipeFile.Read("```csharp\n// x/a.cs, before: two\n  new\n```").Single();
        file.Put(root);
        File.ReadAllText(Path.Combine(root, "x/a.cs")).ShouldBe("one\n  new\n  two\n");
        Should.Throw<FormatException>(() => (file with { Before = "three" }).Put(root)).Message.ShouldContain("three");
        Directory.Delete(root, recursive: true);
    }
}
