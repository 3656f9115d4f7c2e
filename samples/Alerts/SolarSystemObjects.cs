using System.Globalization;

namespace Conductor.Alerts;

/// <summary>Designations as the minor-planet archive gives them: numbers, provisional designations, comets.</summary>
internal static class SolarSystemObjects
{
    private static readonly string[] Known = ["1", "4", "433", "10384", "25143", "99942", "101955", "2010XA53", "2003QX40", "2019OK", "67P", "29P"];

    public static string Pick(AlertRandom random) =>
        random.Chance(0.5) ? Known[random.Below(Known.Length)] : random.Between(1, 600_000).ToString("F0", CultureInfo.InvariantCulture);
}
