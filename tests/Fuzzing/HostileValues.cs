using System.Globalization;

namespace Conductor.Fuzzing;

/// <summary>Values at the boundaries of what anything may hold.</summary>
internal static class HostileValues
{
    private static readonly int[] Depths = [10, 63, 64, 65, 128, 500, 900, 998, 1000, 1001, 3000, 100_000];

    private static readonly string[] Numbers =
    [
        "0", "-0", "-1", "1", "2", "1.5", "0.1", "1e2", "1e99", "1e308", "1e400", "-1e400", "1e-400", "255", "256", "2147483647", "2147483648",
        "-2147483649", "4294967296", "9007199254740991", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "123456789012345678901234567890", "1000000000000", "3153600001", "36501", "253402300800000", "0x10", "NaN", "Infinity", "١",
    ];

    // As they stand in JSON, without the quotation marks.
    private static readonly string[] Texts =
    [
        "", " ", "null", "true", "0", "-1", "5", "1.5", "x", "a/b", "..", ".", "../../etc/passwd", "a%00b", "%", "%2e%2e", "a\\u0000b", "\\ud800",
        "\\udc00\\ud800", "\\ud83d\\ude00", "\\uffff", "\\ufeff", "é", "日本", "\U0001F600", "\u202Eabc",
        "a:b", "a b", "a\\nb", "\\r\\n", "\\t", "'", "\\\"", "--", "';--",
        "<script>", "${workflow.input.v}", "${", "${a.b.c}", "$${a}", "${workflow.input[?(@.a==1)]}", "${${workflow.input.v}}", "*", "a*", "a,b", "(", "[",
        "2026-01-01", "2020-01-01 10:00 CET", "2020-01-01 10:00 +9999", "1 s", "999999999 days", "-1 s", "7d", "999999999d", "COMPLETED", "FAILED",
        "IN_PROGRESS", "SIMPLE", "SWITCH", "WAIT", "FORK_JOIN", "JOIN", "TERMINATE", "NOOP", "HUMAN", "SET_VARIABLE", "DECISION", "javascript", "value-param",
        "NO_DOMAIN", "RETRY", "ALERT_ONLY", "workflowType=x AND status IN (RUNNING)", "startTime>9999999999999999", "version=99999999999",
        "startTime:ASC", "00000000-0000-0000-0000-000000000000", "FAIL", "RETURN_EXISTING",
    ];

    private static readonly string[] Others =
        ["null", "true", "false", "{}", "[]", "[null]", "[[]]", "[{}]", "{\"\":null}", "[1,\"a\",null]", "{\"a\":{\"a\":{}}}"];

    /// <summary>A text, as it stands in JSON.</summary>
    public static string Text(Random random) => random.Next(12) switch
    {
        0 => new string('x', random.Next(200, 300)),
        1 => new string('y', random.Next(900, 6000)),
        2 => string.Concat(Enumerable.Repeat("é", random.Next(200, 1500))),
        3 when random.Next(20) == 0 => new string('z', random.Next(90_000, 300_000)),
        4 => string.Concat(Enumerable.Repeat("${", random.Next(2, 300))),
        _ => random.Choose(Texts),
    };

    public static string Number(Random random) =>
        random.Next(10) == 0 ? random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture) : random.Choose(Numbers);

    /// <summary>Any JSON value.</summary>
    public static string Json(Random random) => random.Next(10) switch
    {
        < 4 => "\"" + Text(random) + "\"",
        < 7 => Number(random),
        < 9 => random.Choose(Others),
        _ => Nested(random),
    };

    public static string Nested(Random random)
    {
        var depth = random.Choose(Depths);
        return random.Next(2) == 0
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"v\":", depth)) + "1" + new string('}', depth);
    }

    /// <summary>A value in an address, encoded or (not always properly) as it is.</summary>
    public static string InAddress(Random random)
    {
        var value = random.Next(3) == 0 ? Number(random) : Text(random).Replace("\\u0000", "\0", StringComparison.Ordinal);
        if (value.Length > 3000) value = value[..3000];
        return random.Next(20) switch
        {
            0 => "%00", 1 => "%ff%fe", 2 => "%ed%a0%80", 3 => "%", 4 => "%zz", 5 => "a%2Fb", 6 => "%2e%2e", 7 => "a%00b", 8 => "%c0%80", 9 => "",
            _ => Uri.EscapeDataString(value),
        };
    }

    public static T Choose<T>(this Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];
}
