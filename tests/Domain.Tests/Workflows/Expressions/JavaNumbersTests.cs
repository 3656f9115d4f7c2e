using System.Globalization;
using System.Numerics;
using Conductor.Domain.Workflows.Expressions;
using FsCheck;
using FsCheck.Fluent;

namespace Conductor.Domain.Tests.Workflows.Expressions;

public sealed class JavaNumbersTests
{
    // Double.toString of Temurin 25: the bits, and the text.
    private static readonly string[] Recorded = Resource("java-doubles.txt");

    [Fact]
    public void A_double_is_written_as_Java_writes_it()
    {
        foreach (var (bits, text) in Recorded.Select(line => line.Split(' ')).Select(pair => (pair[0], pair[1])))
            JavaNumbers.Double(BitConverter.Int64BitsToDouble(long.Parse(bits, NumberStyles.HexNumber, CultureInfo.InvariantCulture))).ShouldBe(text);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    public void What_is_no_usual_number_has_its_name(double number, string text) => JavaNumbers.Double(number).ShouldBe(text);

    [Fact]
    public void The_text_is_the_closest_of_the_shortest_decimals_that_are_read_as_the_number()
    {
        var doubles = ArbMap.Default.GeneratorFor<long>().Select(BitConverter.Int64BitsToDouble);
        var everyday = ArbMap.Default.GeneratorFor<int>().Select(n => n / 1000.0);
        Prop.ForAll(Gen.OneOf(doubles, everyday).Where(d => double.IsFinite(d) && d != 0).ToArbitrary(), Check)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    [Fact]
    public void Powers_of_two_are_written_so_too()
    {
        for (var exponent = -1074; exponent < 1024; exponent++)
        {
            Check(Math.ScaleB(1.0, exponent));
            Check(-Math.BitIncrement(Math.ScaleB(1.0, exponent)));
        }
    }

    private static void Check(double number)
    {
        var text = JavaNumbers.Double(number);
        double.Parse(text, CultureInfo.InvariantCulture).ShouldBe(number);
        var digits = text.Split('E')[0].Replace(".", "", StringComparison.Ordinal).TrimStart('-').TrimStart('0').TrimEnd('0');
        var length = Math.Max(2, digits.Length);
        if (digits.Length > 2) Neighbours(number, length - 1).ShouldAllBe(shorter => double.Parse(shorter, CultureInfo.InvariantCulture) != number);
        var distance = Distance(text, number);
        foreach (var other in Neighbours(number, length).Where(other => double.Parse(other, CultureInfo.InvariantCulture) == number))
            distance.CompareTo(Distance(other, number)).ShouldBeLessThanOrEqualTo(0, $"{other} is closer to {number:R} than {text}");
    }

    /// <summary>The decimals of so many digits below and above.</summary>
    private static IEnumerable<string> Neighbours(double number, int digits)
    {
        var rounded = number.ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var (mantissa, exponent) = (BigInteger.Parse(rounded.Split('E')[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture),
            int.Parse(rounded.Split('E')[1], CultureInfo.InvariantCulture) - digits + 1);
        return Enumerable.Range(-1, 3).Select(step => string.Create(CultureInfo.InvariantCulture, $"{mantissa + step}E{exponent}"));
    }

    /// <summary>The exact distance, as a multiple of 10^-400 * 2^-1100.</summary>
    private static BigInteger Distance(string text, double number)
    {
        var parts = text.Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? 0 : parts[0].Length - point - 1;
        var exponent = (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) - fraction;
        var mantissa = BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        var written = (mantissa * BigInteger.Pow(10, exponent + 400)) << 1100;
        var bits = BitConverter.DoubleToInt64Bits(Math.Abs(number));
        var binary = (int)(bits >> 52);
        var significand = (bits & ((1L << 52) - 1)) | (binary == 0 ? 0 : 1L << 52);
        var exact = (BigInteger.Pow(10, 400) * significand) << (Math.Max(binary, 1) - 1075 + 1100);
        return BigInteger.Abs(written - (number < 0 ? -exact : exact));
    }

    private static string[] Resource(string name)
    {
        using var reader = new StreamReader(typeof(JavaNumbersTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
