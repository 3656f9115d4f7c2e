using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Conductor.Engines;

[assembly: AssemblyFixture(typeof(Conductor.Recipes.Tests.BuiltRecipes))]
[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace Conductor.Recipes.Tests;

/// <summary>A copy of the repository into which the recipes were put where they say, built once for all tests.</summary>
public sealed partial class BuiltRecipes : IAsyncDisposable
{
    private static readonly string[] Folders = ["contracts", "domain", "sagas", "adapters", "ServiceDefaults", "services", "workers"];
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../.."));
    private readonly string _folder = Directory.CreateTempSubdirectory("conductor-recipes-").FullName;
    private readonly Lazy<Task> _built;

    public BuiltRecipes() => _built = new(BuildAsync);

    /// <summary>The service before a saga comes to it.</summary>
    internal string Service => Path.Combine(_folder, "service/Conductor.Parcels.dll");

    internal string ServiceWithSaga => Program("services/Parcels");

    internal string Pipelines => Program("services/Pipelines");

    internal string Worker => Program("workers/Greeter");

    /// <summary>The same worker as a project of another repository, with the package.</summary>
    internal string WorkerElsewhere => Path.Combine(_folder, "elsewhere/bin/Release/net10.0/Greeter.dll");

    private string Copy => Path.Combine(_folder, "copy");

    internal Task BuiltAsync() => _built.Value;

    internal string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task BuildAsync()
    {
        CopyRepository();
        Put(Document("README.md"));
        var recipes = Document("docs/recipes.md").Split("\n## A saga\n");
        recipes.Length.ShouldBe(2, "docs/recipes.md has one recipe for a saga");
        Put(recipes[0]);
        await BuildAsync("first.slnx", "workers/Greeter/Greeter.csproj", "services/Parcels/Parcels.csproj", "services/Pipelines/Pipelines.csproj");
        CopyFolder(Path.GetDirectoryName(Program("services/Parcels"))!, Path.GetDirectoryName(Service)!, _ => true);
        Put(recipes[1]);
        await BuildAsync("saga.slnx", "services/Parcels/Parcels.csproj");
        await BuildElsewhereAsync();
    }

    private void CopyRepository()
    {
        foreach (var folder in Folders)
            CopyFolder(Path.Combine(Root, folder), Path.Combine(Copy, folder), part => part is not ("bin" or "obj"));
        foreach (var file in Directory.EnumerateFiles(Root)) File.Copy(file, Path.Combine(Copy, Path.GetFileName(file)));
    }

    private void Put(string markdown)
    {
        foreach (var file in RecipeFile.Read(markdown)) file.Put(Copy);
    }

    internal static string Document(string path) => File.ReadAllText(Path.Combine(Root, path));

    private Task BuildAsync(string solution, params string[] projects)
    {
        File.WriteAllText(Path.Combine(Copy, solution), $"<Solution>{string.Concat(projects.Select(p => $"<Project Path=\"{p}\" />"))}</Solution>");
        return RunningProgram.DotnetAsync(Copy, "build", solution, "-c", "Release", "-v", "quiet", "-nologo");
    }

    // A version of its own: what was packed before under the same one would be taken from the machine's cache.
    private async Task BuildElsewhereAsync()
    {
        var (feed, elsewhere, version) = (Path.Combine(_folder, "feed"), Path.Combine(_folder, "elsewhere"), $"0.1.0-t{Guid.NewGuid():N}");
        await RunningProgram.DotnetAsync(Copy, "pack", "workers/Worker", "-o", feed, $"-p:Version={version}", "-v", "quiet", "-nologo");
        Directory.CreateDirectory(elsewhere);
        foreach (var name in new[] { "Program.cs", "Greetings.cs" })
            File.Copy(Path.Combine(Copy, "workers/Greeter", name), Path.Combine(elsewhere, name));
        File.WriteAllText(Path.Combine(elsewhere, "nuget.config"),
            $"<configuration><packageSources><add key=\"feed\" value=\"{feed}\" /></packageSources></configuration>");
        File.WriteAllText(Path.Combine(elsewhere, "Greeter.csproj"), ProjectElsewhere(version));
        await RunningProgram.DotnetAsync(elsewhere, "build", "-c", "Release", "-v", "quiet", "-nologo", $"-p:RestorePackagesPath={_folder}/packages",
            $"-p:RestoreFallbackFolders={Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Home(".nuget/packages")}");
    }

    // The project of the README with the package's reference in place of the project's, and what `dotnet new worker` writes of itself.
    private string ProjectElsewhere(string version)
    {
        var package = PackageReference().Match(Document("README.md")).Value.Replace("0.1.0", version, StringComparison.Ordinal);
        package.ShouldContain(version);
        return ProjectReference().Replace(File.ReadAllText(Path.Combine(Copy, "workers/Greeter/Greeter.csproj")), package).Replace(
            "</Project>",
            "<PropertyGroup><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>"
            + "</Project>",
            StringComparison.Ordinal);
    }

    private string Program(string project) => Path.Combine(Copy, project, $"bin/Release/net10.0/Conductor.{Path.GetFileName(project)}.dll");

    private static string Home(string path) => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path);

    private static void CopyFolder(string from, string to, Func<string, bool> isWanted)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from).Select(Path.GetFileName).OfType<string>().Where(isWanted))
            CopyFolder(Path.Combine(from, folder), Path.Combine(to, folder), isWanted);
    }

    [GeneratedRegex("<PackageReference [^>]*/>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PackageReference();

    [GeneratedRegex("<ProjectReference [^>]*/>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProjectReference();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
