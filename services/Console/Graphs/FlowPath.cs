using System.Globalization;
using System.Text;

namespace Conductor.Console.Graphs;

/// <summary>An SVG path along right-angled points with rounded corners.</summary>
internal static class FlowPath
{
    private const double Radius = 7;

    public static string Rounded(IReadOnlyList<FlowPoint> points)
    {
        var path = new StringBuilder().Append(CultureInfo.InvariantCulture, $"M{points[0].X:0.##} {points[0].Y:0.##}");
        for (var i = 1; i < points.Count - 1; i++)
        {
            var into = Towards(points[i], points[i - 1]);
            var away = Towards(points[i], points[i + 1]);
            path.Append(CultureInfo.InvariantCulture, $"L{into.X:0.##} {into.Y:0.##}Q{points[i].X:0.##} {points[i].Y:0.##} {away.X:0.##} {away.Y:0.##}");
        }
        return path.Append(CultureInfo.InvariantCulture, $"L{points[^1].X:0.##} {points[^1].Y:0.##}").ToString();
    }

    /// <summary>The point so far before the corner that two neighbouring roundings never overlap.</summary>
    private static FlowPoint Towards(FlowPoint corner, FlowPoint other)
    {
        var (dx, dy) = (other.X - corner.X, other.Y - corner.Y);
        var length = Math.Abs(dx) + Math.Abs(dy);
        var step = Math.Min(Radius, length / 2);
        return length == 0 ? corner : new(corner.X + (dx / length * step), corner.Y + (dy / length * step));
    }
}
