using System.Diagnostics;

namespace Conductor.AppHost.Tests.Projects;

public sealed class ProjectClassesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Each_referenced_project_becomes_a_class_and_a_library_does_not()
    {
        await WriteAsync("Orders.Api.csproj", Project("Orders.Api"));
        await WriteAsync("Library.csproj", Project("Library"));
        await WriteAsync("AppHost.proj", $"""
            <Project>
              <Import Project="{Path.Combine(AppContext.BaseDirectory, "AppHost.targets")}" />
              <PropertyGroup><IntermediateOutputPath>obj/</IntermediateOutputPath></PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="Orders.Api.csproj" />
                <ProjectReference Include="Library.csproj" IsAspireProjectResource="false" ReferenceOutputAssembly="true" />
              </ItemGroup>
              <Target Name="AssignProjectConfiguration" />
              <Target Name="Report" DependsOnTargets="WriteProjectClasses">
                <Message Importance="high" Text="[%(ProjectReference.Filename) %(ProjectReference.ReferenceOutputAssembly)]" />
                <Message Importance="high" Text="[using %(Using.Identity)]" />
              </Target>
            </Project>
            """);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "obj"));
        var output = await BuildAsync();
        output.ShouldContain("[Orders.Api false]");
        output.ShouldContain("[Library true]");
        output.ShouldContain("[using Aspire.Hosting]");
        output.ShouldContain("[using Aspire.Hosting.ApplicationModel]");
        var code = await File.ReadAllTextAsync(Path.Combine(_folder.Path, "obj", "Projects.g.cs"), TestContext.Current.CancellationToken);
        code.ShouldContain("namespace Projects { public sealed class Orders_Api : Aspire.Hosting.IProjectMetadata");
        code.ShouldContain($"""ProjectPath => "{Path.Combine(_folder.Path, "Orders.Api.csproj")}";""");
        code.ShouldContain($"""AssemblyMetadata("ProjectTarget:{Path.Combine(_folder.Path, "Orders.Api.csproj")}", "{Path.Combine(_folder.Path, "out", "Orders.Api.dll")}")""");
        code.ShouldNotContain("Library");
    }

    public void Dispose() => _folder.Dispose();

    private static string Project(string name) => $"""
        <Project>
          <Target Name="GetTargetPath" Returns="@(Built)"><ItemGroup><Built Include="$(MSBuildProjectDirectory)/out/{name}.dll" /></ItemGroup></Target>
        </Project>
        """;

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder.Path, name), text, TestContext.Current.CancellationToken);

    private async Task<string> BuildAsync()
    {
        using var build = Process.Start(new ProcessStartInfo("dotnet", ["msbuild", "AppHost.proj", "-t:Report", "-nologo", "-nodeReuse:false"])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var output = await build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);
        build.ExitCode.ShouldBe(0, output);
        return output;
    }
}
