using System.Reflection;
using Aspire.Hosting;

namespace Conductor.Hosting.Projects;

/// <summary>Finds the program that a project builds to.</summary>
internal static class ProjectProgram
{
    /// <summary>Prefix of the assembly attributes that AppHost.targets writes: key and project file, value and target file.</summary>
    public const string TargetKey = "ProjectTarget:";

    /// <exception cref="DistributedApplicationException">It is not built.</exception>
    public static string Find(IProjectMetadata project)
    {
        var target = project.GetType().Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => a.Key == TargetKey + project.ProjectPath)?.Value;
        var name = target is null ? Path.GetFileNameWithoutExtension(project.ProjectPath) : Path.GetFileNameWithoutExtension(target);
        // A bundle has all programs beside the AppHost; elsewhere each is where its project builds to (and of a plain build of the
        // AppHost the SDK puts the starters of referenced programs, without the programs, beside it).
        var candidates = new[] { Path.Combine(AppContext.BaseDirectory, name), target is null ? null : Path.ChangeExtension(target, null) }
            .Concat(Built(project.ProjectPath, name));
        return candidates.FirstOrDefault(c => c is not null && File.Exists(c) && File.Exists(c + ".dll")) ??
            throw new DistributedApplicationException($"{project.ProjectPath} is not built: there is no program {name}");
    }

    private static IEnumerable<string> Built(string projectPath, string name)
    {
        var bin = Path.Combine(Path.GetDirectoryName(projectPath)!, "bin");
        return Directory.Exists(bin)
            ? Directory.EnumerateFiles(bin, name, SearchOption.AllDirectories).OrderByDescending(File.GetLastWriteTimeUtc)
            : [];
    }
}
