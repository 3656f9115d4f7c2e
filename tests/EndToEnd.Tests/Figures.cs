namespace Conductor.EndToEnd.Tests;

/// <summary>What is said of several measurements.</summary>
internal static class Figures
{
    /// <summary>The middle one; of an even number the upper of the two.</summary>
    public static double Median(this IReadOnlyCollection<double> figures) => figures.Order().ElementAt(figures.Count / 2);
}
