namespace Conductor.Architecture.Tests;

internal static class Rules
{
    private static readonly string[] Pure = ["Domain", "Contracts"];

    /// <summary>Everything in which the tree and its drawing differ, and what makes the pure projects impure.</summary>
    public static IEnumerable<string> Violations(Solution solution, Drawing drawing)
    {
        foreach (var project in solution.Projects.Keys.Except(drawing.Nodes).Order()) yield return $"not drawn: {project}";
        foreach (var node in drawing.Nodes.Except(solution.Projects.Keys).Order()) yield return $"drawn, but no project: {node}";
        foreach (var arrow in solution.Arrows.Except(drawing.Arrows)) yield return $"not drawn: {arrow}";
        foreach (var arrow in drawing.Arrows.Except(solution.Arrows)) yield return $"drawn, but no reference: {arrow}";
        foreach (var name in Pure)
        {
            var project = solution.Projects[name];
            foreach (var thing in project.Packages.Concat(project.References)) yield return $"{name} must stay pure, but references {thing}";
        }
    }
}
